/** Texts that try to be more than text, for tests: each would do `window.harmed = true`, fetch something or mislead. */

/** One for every trick. */
export const HOSTILE_TEXTS: readonly string[] = [
  `<script>window.harmed = true</script>`,
  `</title></style></script><script>window.harmed = true</script>`,
  `<img src=x onerror="window.harmed = true">`,
  `"><svg onload="window.harmed = true">`,
  `' onmouseover='window.harmed = true' x='`,
  "` onfocus=window.harmed=true autofocus tabindex=1 `",
  `<svg><style><!--</style><img src=x onerror=window.harmed=true>--></style></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=window.harmed=true>`,
  `<svg><foreignObject><iframe src="javascript:parent.harmed = true"></iframe></foreignObject></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' onload='window.harmed=true'/>#x"/></svg>`,
  `<a href="javascript:window.harmed = true">read on</a>`,
  `[read on](javascript:window.harmed=true)`,
  `<!-- a comment that does not end`,
  `--> <b>bold</b> <!--`,
  `]]> <![CDATA[ <script>window.harmed = true</script> ]]>`,
  `<template><script>window.harmed = true</script></template>`,
  `{{constructor.constructor("window.harmed = true")()}} \${window.harmed = true} <%= harmed %>`,
  `&lt;script&gt;window.harmed = true&lt;/script&gt; &#x3c;img src=x&#x3e; &amp;amp; &NotEqualTilde`,
  `<link rel="stylesheet" href="https://tracker.invalid/style.css"><style>@import url(https://tracker.invalid)</style>`,
  `<meta http-equiv="refresh" content="0; url=https://tracker.invalid/">`,
  `<base href="https://tracker.invalid/"><form action="/steal"><button autofocus>Go on</button></form>`,
  `<iframe srcdoc="<script>parent.harmed = true</script>"></iframe><object data="https://tracker.invalid"></object>`,
  `<plaintext><textarea><noscript><xmp>`,
  `</main></body></html><h1>Another report</h1>`,
  `url(https://tracker.invalid/x.png) ; } body { display: none } /* var(--paper) */`,
  `red: \x1b[31mred\x1b[0m, bell: \x07, title: \x1b]0;owned\x07, back: 1\b\b\b0`,
  `nothing: \0, delete: \x7f, next line: \x85, soft: \xad, page: \f, return: over\rwritten`,
  `turned: \u202egnp.exe\u202c, isolated: \u2066abc\u2069, marked: \u200e\u200f\u061c`,
  `lines: \u2028 and \u2029, annotation: \ufff9a\ufffab\ufffb, no character: \uffff \u{1fffe}`,
  `halves: \ud800 and \udc00, whole: \u{1f600}`,
  `Z${"\u0301\u0316\u035c".repeat(60)}algo`,
  "x".repeat(3000),
  `https://example.invalid/${"a-long-path/".repeat(40)}?q=${"%20".repeat(100)}`,
  "مرحبا بالعالم، كيف حالكم اليوم؟",
  `${"\u{1f468}\u200d\u{1f469}\u200d\u{1f467}".repeat(50)}`,
];

/** All of them, wherever one text goes. */
export const HOSTILE: string = HOSTILE_TEXTS.join("\n");
