import assert from "node:assert/strict";
import axe, { type AxeResults } from "npm:axe-core@4.14.1";
import { extractText, getDocumentProxy } from "npm:unpdf@1.8.1";
import { reportHtml } from "./mod.ts";
import { browserTest } from "./testing/browser.ts";
import { HOSTILE, HOSTILE_TEXTS } from "./testing/hostile.ts";
import { reportOf, sampleReport } from "./testing/sample_report.ts";

/**
 * A script that measures the contrast of every text with its background, and of every series' colour with the page.
 * The Web Content Accessibility Guidelines (WCAG) define this contrast, from 1 to 21.
 */
const LOOKS_OF_TEXT = `(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = parse(colour).map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (parse(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" || !element.checkVisibility() || element.closest("title, desc")) continue;
    const style = getComputedStyle(element);
    const colour = element.closest("svg") ? style.fill : style.color;
    texts.push({ what: walker.currentNode.data, contrast: contrast(colour, groundOf(element)) });
  }
  const probe = document.body.appendChild(document.createElement("i"));
  const paper = groundOf(document.body);
  const shapes = [1, 2, 3, 4, 5].map((index) => {
    probe.style.color = "var(--series-" + index + ")";
    return { what: "series " + index, contrast: contrast(getComputedStyle(probe).color, paper) };
  });
  probe.remove();
  return { texts, shapes };
})()`;

const SAMPLE = await reportHtml(sampleReport());

/** The least contrast that WCAG allows: for small text, and for shapes of graphics. */
const CONTRAST = { text: 4.5, shapes: 3 } as const;

browserTest("a page requests only itself, and reports no error", async (open) => {
  const { requests, complaints } = await open(SAMPLE);
  assert.equal(requests.length, 1);
  assert.match(requests[0]!, /^file:.*report\.html$/);
  assert.deepEqual(complaints, []);
});

browserTest(
  "a page with hostile texts runs no code, makes no requests, and has no elements from the texts",
  async (open) => {
    const { page, requests, complaints } = await open(await reportHtml(reportOf(HOSTILE)));
    await page.mouse.click(640, 450);
    assert.equal(await page.evaluate("typeof harmed"), "undefined");
    assert.deepEqual([requests.length, complaints], [1, []]);
    const found = await page.evaluate(
      "[...new Set([...document.querySelectorAll('*')].map((element) => element.localName))].sort()",
    );
    const { page: usual } = await open(SAMPLE);
    const expected = await usual.evaluate(
      "[...new Set([...document.querySelectorAll('*')].map((element) => element.localName))].sort()",
    ) as string[];
    assert.deepEqual((found as string[]).filter((name) => !expected.includes(name)), []);
    assert.equal(await page.evaluate("document.querySelectorAll('script, [onload], [onerror]').length"), 0);
    assert.deepEqual(
      await page.evaluate("[...document.querySelectorAll('[href]')].map((a) => a.getAttribute('href')[0])")
        .then((starts) => [...new Set(starts as string[])]),
      ["#"],
    );
  },
);

browserTest("a page shows hostile texts unchanged", async (open) => {
  const texts = HOSTILE_TEXTS.filter((text) => /^[\x20-\x7e]+$/.test(text));
  assert.ok(texts.length > 20);
  const [title] = texts;
  const sections = texts.map((text, index) => ({
    id: `${index}`,
    title: text,
    blocks: [{ kind: "paragraph", text } as const],
  }));
  const { page } = await open(await reportHtml({ title: title!, subtitle: "", sections }));
  assert.equal(await page.title(), title);
  for (const place of ["nav a", "h2", "main p"]) {
    assert.deepEqual(await page.locator(place).allTextContents(), texts, place);
  }
});

for (const colours of ["light", "dark"] as const) {
  browserTest(`a ${colours} page with all details open breaks no rule of axe`, async (open) => {
    const { page } = await open(SAMPLE, { colours });
    await page.evaluate("document.querySelectorAll('details').forEach((details) => details.open = true)");
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate("axe.run()") as AxeResults;
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(", ")}`),
      [],
    );
    const passed = new Set(passes.map(({ id }) => id));
    for (const rule of ["color-contrast", "heading-order", "svg-img-alt", "landmark-one-main", "region"]) {
      assert.ok(passed.has(rule), rule);
    }
  });

  browserTest(
    `every text of a ${colours} page and of its plots has enough contrast with its background`,
    async (open) => {
      const { page } = await open(SAMPLE, { colours });
      await page.evaluate("document.querySelectorAll('details').forEach((details) => details.open = true)");
      const { texts, shapes } = await page.evaluate(LOOKS_OF_TEXT) as Record<
        "texts" | "shapes",
        { what: string; contrast: number }[]
      >;
      assert.ok(texts.length > 300 && shapes.length === 5, `${texts.length} ${shapes.length}`);
      assert.deepEqual(texts.filter(({ contrast }) => contrast < CONTRAST.text), []);
      assert.deepEqual(shapes.filter(({ contrast }) => contrast < CONTRAST.shapes), []);
    },
  );
}

for (const width of [360, 1600]) {
  browserTest(
    `a page of ${width} pixels does not scroll sideways, however long its texts are`,
    async (open) => {
      for (
        const html of [
          SAMPLE,
          await reportHtml(reportOf(HOSTILE)),
          await reportHtml(reportOf("x".repeat(5000))),
        ]
      ) {
        const { page } = await open(html, { width });
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
        const outside = `[...document.querySelectorAll("svg text")].filter((text) => {
        const { left, right, width } = text.getBoundingClientRect();
        return width > 0 && (left < 0 || right > innerWidth);
      }).map((text) => text.textContent)`;
        assert.deepEqual(await page.evaluate(outside), []);
        await page.close();
      }
    },
  );
}

browserTest("labels within a plot do not overlap", async (open) => {
  for (const width of [390, 1280]) {
    const { page } = await open(SAMPLE, { width });
    const overlapping = `[...document.querySelectorAll("svg")].flatMap((svg) => {
      const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()])
        .filter(([, { width }]) => width > 0);
      return boxes.flatMap(([text, a], index) =>
        boxes.slice(index + 1).filter(([, b]) =>
          a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2
        ).map(([other]) => text + " / " + other)
      );
    })`;
    assert.deepEqual(await page.evaluate(overlapping), []);
  }
});

/** What paper shows of a section that every report prints, and of a section that only a full report prints. */
const PRINTED = ["always printed", "printed in full"] as const;

browserTest(
  "a printed page leaves out closed sections, unless the report is full or the reader opened them",
  async (open) => {
    const sections = (["folded", "detail"] as const).map((depth, at) => ({
      ...{ id: depth, title: depth, depth },
      blocks: [{ kind: "paragraph", text: PRINTED[at]! } as const],
    }));
    const printed = async (isFull: boolean, script = "") => {
      const { page } = await open(await reportHtml({ title: "A run", subtitle: "", sections, isFull }));
      await page.evaluate(script);
      const pdf = await getDocumentProxy(new Uint8Array(await page.pdf({ format: "A4" })));
      const { text } = await extractText(pdf, { mergePages: true });
      return [PRINTED.map((one) => text.includes(one)), text.includes("--full")];
    };
    assert.deepEqual(await printed(false), [[true, false], true]);
    assert.deepEqual(await printed(true), [[true, true], false]);
    const followed = await printed(false, `document.querySelector("a[href='#section-detail']").click()`);
    assert.deepEqual(followed, [[true, true], true]);
  },
);

browserTest("a full printed page shows folded details, on white", async (open) => {
  const full = await reportHtml({ ...sampleReport(), isFull: true });
  const { page } = await open(full, { colours: "dark" });
  const pdf = await getDocumentProxy(new Uint8Array(await page.pdf({ format: "A4", printBackground: true })));
  const { text } = await extractText(pdf, { mergePages: true });
  const folded = sampleReport().sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.kind === "figure" ? [String(block.table.rows[0]!.cells[0])] : [])
  );
  assert.equal(folded.length, 22);
  for (const cell of [...folded, "participants:"]) assert.ok(text.includes(cell), cell);
  await page.emulateMedia({ media: "print" });
  assert.equal(
    await page.evaluate("getComputedStyle(document.documentElement).backgroundColor"),
    "rgb(255, 255, 255)",
  );
});

browserTest("the keyboard reaches the skip link first, and then the tables that scroll", async (open) => {
  const { page } = await open(SAMPLE, { width: 360 });
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to the report");
  assert.ok(await page.evaluate("document.activeElement.getBoundingClientRect().top") as number >= 0);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate("document.activeElement.id"), "report");
  const outlined = await page.evaluate(`[...document.querySelectorAll(".scroll")].filter((region) =>
    !region.closest("details")
  ).map((region) => {
    region.focus({ focusVisible: true });
    return document.activeElement === region && getComputedStyle(region).outlineStyle;
  })`) as string[];
  assert.deepEqual(outlined, ["solid", "solid", "solid"]);
});
