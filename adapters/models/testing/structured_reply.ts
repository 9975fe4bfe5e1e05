/** Replies of the stub server to requests that say what form the reply must have. */
import type { ChatRequest } from "./chat_request.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * A reply in the form that a request asks for, by whichever of the fields that servers have for it.
 *
 * @param request A valid request.
 * @param hash What is drawn by.
 * @returns `null` where any text will do.
 */
export function structuredReply(request: ChatRequest, hash: number): string | null {
  const { response_format: format, structured_outputs: structured, guided_choice, guided_json } = request;
  const { choice = guided_choice, json = guided_json } = (structured ?? {}) as Fields;
  if (Array.isArray(choice)) return choice[hash % choice.length];
  const schema = ((format as Fields | undefined)?.json_schema as Fields | undefined)?.schema ?? json;
  return schema === undefined ? null : JSON.stringify(instanceOf(schema as Fields, hash), null, 1);
}

function instanceOf(schema: Fields, hash: number): unknown {
  if (Array.isArray(schema.enum)) return schema.enum[hash % schema.enum.length];
  switch (schema.type) {
    case "integer": {
      const { minimum, maximum } = schema as { minimum: number; maximum: number };
      return minimum + hash % (maximum - minimum + 1);
    }
    case "boolean":
      return hash % 2 === 0;
    case "string":
      return '😀 "well"';
    default: {
      const properties = Object.entries(schema.properties as Record<string, Fields>);
      return Object.fromEntries(
        properties.map(([name, property], index) => [name, instanceOf(property, (hash >>> index) + index)]),
      );
    }
  }
}
