import { builtInExtensions, experimentJsonSchema, parseExperiment, planDiscussions } from "./mod.ts";
import { memorySources } from "../ports/mod.ts";
if (Deno.args[0] === "schema") console.log(JSON.stringify(experimentJsonSchema(), null, 1));
else {
  const text = Deno.readTextFileSync(Deno.args[0]!);
  try {
    const e = await parseExperiment(text, {
      file: "exp.yaml",
      sources: memorySources({
        "p.json":
          '[\n {"username":"Anna","age":3},\n {"name":"Ben"},{"name":"Cid", "talkativeness": -1}, {"name":"anna"}]',
        "p.csv": "name,age,talkativeness\nAnna,3,1.5\nBen,,2\nCid,4,\n",
        "q.csv": 'name;age\nA;1;2\n;3\n"X\ny";4\nB',
      }),
      extensions: builtInExtensions(["scripted", "openai"]),
    });
    for (const d of planDiscussions(e)) console.log(JSON.stringify(d));
  } catch (x: any) {
    console.log(x.name === "ExperimentError" ? x.message : x);
  }
}
