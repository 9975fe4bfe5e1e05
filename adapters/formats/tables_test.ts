import assert from "node:assert/strict";
import fc from "fast-check";
import { inFolder } from "../testing/in_folder.ts";
import { findColumns, readMapping } from "./columns.ts";
import { COMMENT_FIELDS, type CommentField } from "./comment_table.ts";
import { FormatError } from "./format_error.ts";
import { type Row, rowsOf, type TableFormat } from "./table_rows.ts";
import { TextFile } from "./text_file.ts";

async function rows(content: string | Uint8Array<ArrayBuffer>, format: TableFormat): Promise<Row[]> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const found: Row[] = [];
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/t`, bytes);
    for await (const row of rowsOf(new TextFile(`${folder}/t`), format)) found.push(row);
  });
  return found;
}

Deno.test("rowsOf() reads CSV with a byte order mark, CRLF, quotes and line breaks within fields", async () => {
  const text = '\ufeffname,text\r\nann,"a ""b"",\r\nc"\r\n\r\nben,  d  \r\n';
  assert.deepEqual(await rows(text, "csv"), [
    { line: 2, record: { name: "ann", text: 'a "b",\r\nc' } },
    { line: 5, record: { name: "ben", text: "  d  " } },
  ]);
});

Deno.test("rowsOf() reads CSV that is separated by semicolons or tabs", async () => {
  assert.deepEqual((await rows("a;b\n1,5;2\n", "csv"))[0]!.record, { a: "1,5", b: "2" });
  assert.deepEqual((await rows("a\tb\n1\t2\n", "csv"))[0]!.record, { a: "1", b: "2" });
});

Deno.test("rowsOf() reports rows with too few or too many fields, and reads the others", async () => {
  const found = await rows("a,b\n1\n1,2\n1,2,3\n", "csv");
  assert.deepEqual(found.map(({ line, problem }) => [line, problem]), [
    [2, "the row has 1 fields, the header 2"],
    [3, undefined],
    [4, "the row has 3 fields, the header 2"],
  ]);
});

Deno.test("rowsOf() reads JSON lines, and reports lines that are not JSON objects", async () => {
  const found = await rows('{"a":1}\n\n[1]\r\nnot\n{"a":"\\ud800\\u0000"}', "jsonl");
  assert.deepEqual(found, [
    { line: 1, record: { a: 1 } },
    { line: 3, record: {}, problem: "the line is not a JSON object" },
    { line: 4, record: {}, problem: "the line is not JSON" },
    { line: 5, record: { a: "\ud800\u0000" } },
  ]);
});

Deno.test("rowsOf() keeps any text that CSV can hold", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }),
      async (texts) => {
        const quoted = texts.map((text) => `x,"${text.replaceAll('"', '""')}"`).join("\n");
        const found = await rows(`id,text\n${quoted}\n`, "csv");
        assert.deepEqual(found.map(({ record }) => record.text), texts);
      },
    ),
    { numRuns: 50 },
  );
});

async function refusal(content: string | Uint8Array<ArrayBuffer>): Promise<FormatError> {
  try {
    await rows(content, "csv");
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
    return error;
  }
  return assert.fail("the table was read");
}

Deno.test("rowsOf() names the line and the byte of bad UTF-8, even far into the file", async () => {
  const before = `a,b\n${"1,2\n".repeat(200_000)}`;
  const bytes = new TextEncoder().encode(`${before}x,?\n1,2\n`);
  bytes[before.length + 2] = 0xe4;
  const { line, message } = await refusal(bytes);
  assert.equal(line, 200_002);
  assert.match(message, new RegExp(`begins at byte ${before.length}, is not UTF-8`));
});

Deno.test("rowsOf() reports an unclosed quotation mark, and a column with the same name as another", async () => {
  assert.match((await refusal('a,b\n"1,2\n')).message, /Quote Not Closed/);
  const { message, line } = await refusal("a,b,a\n1,2,3\n");
  assert.match(message, /the column "a" twice/);
  assert.equal(line, 1);
});

Deno.test("readMapping() reads fields and columns, and suggests a field for a misspelled one", () => {
  assert.deepEqual(readMapping(["discussion=root, author=who", "order=posted at"], COMMENT_FIELDS), {
    discussion: "root",
    author: "who",
    order: "posted at",
  });
  assert.deepEqual(readMapping(["order="], COMMENT_FIELDS), { order: "" });
  assert.throws(() => readMapping(["autor=x"], COMMENT_FIELDS), { message: /did you mean "author"\?$/ });
  assert.throws(() => readMapping(["author"], COMMENT_FIELDS), { message: /expected field=column/ });
  assert.throws(() => readMapping(["__proto__=x"], COMMENT_FIELDS), { message: /^Cannot map "__proto__"/ });
});

const HEADERS:
  readonly (readonly [from: string, header: readonly string[], columns: Record<string, string>])[] = [
    ["ConvoKit", ["id", "conversation_id", "speaker", "text", "timestamp", "reply-to", "meta"], {
      discussion: "conversation_id",
      author: "speaker",
      text: "text",
      order: "timestamp",
    }],
    ["ConvoKit, older", ["id", "root", "user", "text", "timestamp", "reply_to"], {
      discussion: "root",
      author: "user",
      text: "text",
      order: "timestamp",
    }],
    ["Reddit", ["author", "body", "created_utc", "link_id", "parent_id", "score"], {
      discussion: "link_id",
      author: "author",
      text: "body",
      order: "created_utc",
    }],
    ["the Python library", [
      "",
      "conv_id",
      "timestamp",
      "user",
      "message",
      "model",
      "is_moderator",
      "message_order",
    ], {
      discussion: "conv_id",
      author: "user",
      text: "message",
      order: "message_order",
      isModerator: "is_moderator",
      model: "model",
    }],
  ];

for (const [from, header, columns] of HEADERS) {
  Deno.test(`findColumns() finds the columns of ${from}`, () => {
    const options = { mapped: {}, required: ["discussion", "author", "text"] } as const;
    assert.deepEqual(findColumns<CommentField>(header, COMMENT_FIELDS, options), columns);
  });
}

Deno.test("findColumns() accepts a missing column only if an empty name says that there is none, or if rows can lack columns", () => {
  const options = { mapped: {}, required: ["discussion"] } as const;
  assert.throws(() => findColumns<CommentField>(["x"], COMMENT_FIELDS, options), {
    message:
      'there is no column for the discussion: its columns are "x". Name the column with --map discussion=COLUMN',
  });
  assert.throws(
    () => findColumns<CommentField>(["x"], COMMENT_FIELDS, { ...options, mapped: { discussion: "y" } }),
    { message: 'there is no column "y": its columns are "x"' },
  );
  const none = { mapped: { order: "" }, required: [] } as const;
  for (const header of [["date", "text"], ["", "text"]]) {
    assert.deepEqual(findColumns<CommentField>(header, COMMENT_FIELDS, none), { text: "text" });
  }
  const unseen = { mapped: { order: "later" }, required: [], whole: false } as const;
  assert.deepEqual(findColumns<CommentField>(["date", "text"], COMMENT_FIELDS, unseen), { text: "text" });
});

Deno.test("findColumns() ignores upper and lower case, so two columns that differ in nothing else are refused", async () => {
  const options = { mapped: { author: "WHO" }, required: ["discussion"] } as const;
  assert.deepEqual(
    findColumns<CommentField>(["Conversation_ID", "Who", "BODY"], COMMENT_FIELDS, options),
    { discussion: "Conversation_ID", author: "Who", text: "BODY" },
  );
  assert.throws(
    () =>
      findColumns<CommentField>(["discussion", "Author", "author"], COMMENT_FIELDS, {
        ...options,
        mapped: {},
      }),
    {
      message:
        'more than one column could be the author: "Author", "author". Name the column with --map author=COLUMN',
    },
  );
  await assert.rejects(rows("text,Author,author\na,b,c\n", "csv"), {
    message:
      'the header names the columns "Author" and "author": names must differ in more than upper and lower case',
  });
});
