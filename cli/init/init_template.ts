/** The files that `init` can write: a first experiment for each kind of study. */

/** A first experiment. It runs with the scripted model, so it needs no network. */
export type InitTemplate = Readonly<{
  /** The value of `--template`. */
  name: string;
  /** What it is for, in a few words. */
  summary: string;
  /** The name of the file if the user gives none. */
  file: string;
  text: string;
  /** Files that the text names, which are written beside it: name → content. */
  beside?: Readonly<Record<string, string>>;
  /** The command lines to type next. `at` gives the path of a file that was written. */
  next: (file: string, at: (name: string) => string) => readonly (readonly string[])[];
}>;

export function runIt(file: string): readonly (readonly string[])[] {
  return [["plan", file], ["run", file]];
}

/** An example of a real model, as a comment of a file. */
export const REAL_MODEL =
  `  # A real model: on your machine with ollama, vllm, llama-cpp or lm-studio, hosted with openai, anthropic, gemini,
  # mistral, deepseek, groq, openrouter, together or huggingface. For any other server with the OpenAI API, write
  # adapter: openai and baseUrl instead. A key is read from an environment variable; it is never written anywhere.
  # chat:
  #   provider: ollama
  #   model: qwen3:8b
  #   temperature: 0.8
  #   maxTokens: 200
`;
