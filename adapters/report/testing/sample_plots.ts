/** Figures for tests: usual and extreme cases of every kind of plot. */
import type { Figure, Plot, Standing, Table } from "../../../analysis/report/mod.ts";

/** A very long name of a condition. */
const LONG = "moderator=facilitator, participants=mixed-trolls-and-veterans, window=last-twelve";

/** Pseudo-random numbers from 0 to 1: equal numbers for equal seeds. */
function draws(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function interval(middle: number, half: number) {
  return { level: 0.95, lower: middle - half, upper: middle + half };
}

function turnsSeries(name: string, level: number, length: number, seed: number) {
  const draw = draws(seed);
  const points = Array.from({ length }, (_, index) => {
    const y = level + 0.6 * Math.sin(index / 5) + 0.2 * draw();
    return { x: index + 1, y, interval: index === 4 ? null : interval(y, 0.15 + 0.01 * index) };
  });
  return { name, points };
}

function bars(seed: number) {
  const draw = draws(seed);
  const weights = [1, 2, 3, 4, 5].map(() => draw());
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight, index) => ({ from: index + 0.5, to: index + 1.5, share: weight / sum }));
}

function group(name: string, mean: number, count: number, seed: number) {
  const draw = draws(seed);
  const values = Array.from({ length: count }, () => mean + (draw() + draw() + draw() - 1.5));
  return { name, values, mean, interval: count > 1 ? interval(mean, 1 / Math.sqrt(count)) : null };
}

function effect(label: string, standing: Standing, estimate: number, half: number) {
  return { label, standing, estimate, interval: interval(estimate, half) };
}

function figure(id: string, title: string, plot: Plot): Figure {
  const table: Table = {
    id,
    title: `${title}, in figures`,
    note: "",
    columns: [
      { key: "name", title: "Name", format: { kind: "text" } },
      { key: "value", title: "Value", format: { kind: "number", decimals: 2 } },
    ],
    rows: [{ cells: [`folded away: ${id}`, 1.5] }, {
      cells: ["other", { unavailable: "there are no values" }],
    }],
  };
  return { kind: "figure", title, alt: `${title}: what the plot shows, in words.`, plot, table };
}

const COUNTS = Array.from({ length: 12 }, (_, index) => index);

export function samplePlots(): Readonly<{ usual: readonly Figure[]; extreme: readonly Figure[] }> {
  const usual: Figure[] = [
    figure("turns", "Mean toxicity through the turns", {
      kind: "turns",
      x: "turn",
      y: "toxicity (1 to 5)",
      series: [
        turnsSeries("no moderator", 2.6, 30, 1),
        turnsSeries("with moderator", 1.9, 30, 2),
        turnsSeries("moderator who only watches", 3.3, 30, 3),
      ],
    }),
    figure("distribution", "Toxicity of comments", {
      kind: "distribution",
      x: "toxicity (1 to 5)",
      groups: [{ name: "no moderator", bars: bars(5) }, { name: "with moderator", bars: bars(9) }],
    }),
    figure("discussions", "Mean toxicity of each discussion", {
      kind: "discussions",
      y: "toxicity (1 to 5)",
      groups: [group("no moderator", 2.6, 40, 4), group("with moderator", 1.9, 40, 5)],
    }),
    figure("forest", "Effects on toxicity, in standard deviations", {
      kind: "forest",
      x: "standardised difference (Hedges' g)",
      effects: [
        effect("moderator: with − without", "confirmatory", -0.52, 0.31),
        effect("turn", "sample-changed", 0.08, 0.11),
        effect("moderator × turn", "exploratory", -0.04, 0.2),
        effect("personas: mixed − alike", "exploratory", 0.4, 0.5),
      ],
    }),
  ];
  usual.push(
    figure("cells", "Toxicity by moderator and model", {
      kind: "cells",
      x: "toxicity (1 to 5)",
      rows: ["no moderator", LONG, "moderator who only watches"],
      series: ["small", "large"].map((name, series) => ({
        name,
        points: [0, 1, 2].map((row) => ({
          row,
          mean: 2 + series / 3 + row / 5,
          interval: row === 2 ? null : interval(2 + row / 5, 0.4),
        })),
      })),
    }),
    figure("shares", "Stances of comments", {
      kind: "shares",
      x: "share of annotations, in percent",
      labels: ["for", "neutral", "against"],
      groups: [{ name: "no moderator", shares: [0.5, 0.45, 0.05] }, { name: LONG, shares: [0, 1, 0] }],
    }),
    figure("curve", "Power by number of replications", {
      kind: "curve",
      x: "replications",
      y: "power",
      range: [0, 1],
      target: { name: "target: 0.8", y: 0.8 },
      series: ["toxicity by moderator", LONG].map((name, series) => ({
        name,
        points: [4, 8, 16, 24].map((x) => {
          const y = x / (x + 4 + 3 * series);
          return { x, y, interval: x === 24 ? null : interval(y, 0.06) };
        }),
      })),
    }),
    figure("panels", "Effects on two outcomes", {
      kind: "panels",
      panels: [0.3, 40].map((size) => ({
        title: `A difference of about ${size}`,
        plot: { kind: "forest", x: "", effects: [effect("moderator", "confirmatory", size, size / 2)] },
      })),
    }),
  );
  const extreme = [
    figure("turns-five", "Five series", {
      kind: "turns",
      x: "turn",
      y: "toxicity",
      series: COUNTS.slice(0, 5).map((index) => turnsSeries(`condition ${index + 1}`, index, 12, index + 1)),
    }),
    figure("turns-twelve", "Twelve series with long names", {
      kind: "turns",
      x: "turn",
      y: "toxicity",
      series: COUNTS.map((index) => turnsSeries(`${index + 1}: ${LONG}`, 2 + index / 6, 30, index + 1)),
    }),
    figure("turns-points", "Series of single points, without intervals and with intervals of no width", {
      kind: "turns",
      x: "turn",
      y: "a value that does not change, with an axis label that is longer than any label that a person would write",
      series: [
        { name: "one point", points: [{ x: 1, y: 2, interval: interval(2, 0) }] },
        { name: LONG, points: [{ x: 2, y: 2, interval: interval(2, 0.0001) }] },
        { name: "no points", points: [] },
      ],
    }),
    figure("turns-none", "No series", { kind: "turns", x: "turn", y: "toxicity", series: [] }),
    figure("distribution-twelve", "Twelve distributions with long names", {
      kind: "distribution",
      x: "toxicity",
      groups: COUNTS.map((index) => ({ name: `${index + 1}: ${LONG}`, bars: bars(index + 3) })),
    }),
    figure("distribution-one", "One value, of one group", {
      kind: "distribution",
      x: "toxicity",
      groups: [{ name: "all", bars: [{ from: 3, to: 3, share: 1 }] }, { name: "none", bars: [] }],
    }),
    figure("distribution-none", "No groups", { kind: "distribution", x: "toxicity", groups: [] }),
    figure("discussions-twelve", "A thousand discussions of twelve conditions with long names", {
      kind: "discussions",
      y: "toxicity",
      groups: COUNTS.map((index) => group(`${index + 1}: ${LONG}`, index / 4, 84, index + 1)),
    }),
    figure("discussions-one", "One discussion, beside four hundred that are alike", {
      kind: "discussions",
      y: "words",
      groups: [
        group("one", 1e6, 1, 2),
        { name: "alike", values: Array(400).fill(12), mean: 12, interval: interval(12, 0) },
        { name: "none", values: [], mean: 0, interval: null },
      ],
    }),
    figure("discussions-none", "No discussions", { kind: "discussions", y: "words", groups: [] }),
    figure("forest-long", "Effects with long names, far apart", {
      kind: "forest",
      x: "difference",
      effects: [
        effect(LONG, "confirmatory", 1200, 900),
        effect("x".repeat(300), "exploratory", -0.001, 0),
        effect(
          "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW 讨论 讨论 讨论讨论讨论讨论讨论讨论讨论讨论讨论讨论讨论",
          "confirmatory",
          400,
          10,
        ),
        ...COUNTS.map((index) =>
          effect(`effect ${index + 1}`, index % 2 === 0 ? "confirmatory" : "exploratory", 100 * index, 50)
        ),
      ],
    }),
    figure("curve-twelve", "Twelve curves with long names, some of one point", {
      kind: "curve",
      x: "replications",
      y: "half-width",
      target: null,
      series: COUNTS.map((index) => ({
        name: `${index + 1}: ${LONG}`,
        points: (index % 2 === 0 ? [2] : [2, 900]).map((x) => ({ x, y: index / x, interval: null })),
      })),
    }),
    figure("curve-none", "No curves", { kind: "curve", x: "", y: "", target: null, series: [] }),
    figure("forest-none", "No effects", { kind: "forest", x: "difference", effects: [] }),
  ];
  return { usual, extreme };
}
