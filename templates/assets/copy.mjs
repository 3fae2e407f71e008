// Copies the browser assets named below from node_modules into ../static,
// builds the icon sprite and the editor of narratives (editor/ and its
// libraries, in one file), and writes licences and a SHA-256 manifest that a Go
// test compares with the committed files.
//
//   npm ci --ignore-scripts && npm run copy
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import subsetFont from "subset-font";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const from = (...path) => join(here, "node_modules", ...path);
const to = (...path) => join(here, "..", "static", ...path);

const weights = [400, 500, 600];
const copies = [
  [from("@fontsource", "be-vietnam-pro", "LICENSE"), "licences/be-vietnam-pro.txt"],
  [from("@fontsource", "inter", "LICENSE"), "licences/inter.txt"],
  [from("bootstrap-icons", "LICENSE"), "licences/bootstrap-icons.txt"],
];

// The fonts hold what pages in Vietnamese are written with: an office line is slow,
// and letters of other languages come from the machine's own fonts.
const letters = {
  latin: [...Array(95).keys()].map((n) => String.fromCharCode(32 + n)).join("") +
    "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý\u00a0°§«»±²³·¼½¾×–—‘’“”•…€−←↑→↓",
  vietnamese: "ĂăĐđĨĩŨũƠơƯư₫\u0300\u0301\u0303\u0309\u0323" +
    [...Array(0x1ef9 - 0x1ea0 + 1).keys()].map((n) => String.fromCharCode(0x1ea0 + n)).join(""),
  digits: "+,-.0123456789\u2212", // of Inter: Be Vietnam Pro has no tabular figures
};
const file = (family, set, weight) => from("@fontsource", family, "files", `${family}-${set}-${weight}-normal.woff2`);
const subsets = weights.flatMap((weight) => [
  ...["latin", "vietnamese"].map((set) =>
    [file("be-vietnam-pro", set, weight), `fonts/be-vietnam-pro-${set}-${weight}-normal.woff2`, letters[set]]),
  [file("inter", "latin", weight), `fonts/inter-digits-${weight}-normal.woff2`, letters.digits, true], // their tabular forms are alternates
]);

const icons = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);

// sprite puts each icon's paths in a symbol, so that one cached file serves all.
function sprite(names) {
  const symbols = names.map((name) => {
    const svg = readFileSync(from("bootstrap-icons", "icons", `${name}.svg`), "utf8");
    const inner = svg.replace(/^<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 16 16">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

// bundle makes the editor's one file, in the language of the oldest browser, and
// gathers the licences of the libraries in it.
async function bundle() {
  const { metafile } = await build({
    entryPoints: [join(here, "editor", "editor.js")], outfile: to("js", "editor.js"), absWorkingDir: here,
    bundle: true, minify: true, format: "esm", target: "chrome109", legalComments: "none", metafile: true,
    define: { "process.env.NODE_ENV": '"production"' }, logLevel: "warning",
  });
  // A second pass: some kilobytes less for an office line.
  const built = readFileSync(to("js", "editor.js"), "utf8");
  const { code } = await minify(built, { ecma: 2020, module: true, compress: { passes: 3 }, format: { comments: false } });
  writeFileSync(to("js", "editor.js"), code);
  const packages = new Set(Object.keys(metafile.inputs)
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean));
  const byText = new Map();
  for (const name of [...packages].sort()) {
    const file = readdirSync(from(name)).find((one) => /^licen[cs]e/i.test(one));
    const text = readFileSync(from(name, file), "utf8").replaceAll("\r\n", "\n").trim();
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  writeFileSync(to("licences", "editor.txt"),
    [...byText].map(([text, names]) => `${names.join(", ")}\n\n${text}\n`).join("\n\n"));
}

for (const folder of ["fonts", "licences"]) mkdirSync(to(folder), { recursive: true });
for (const [source, target] of copies) copyFileSync(source, to(target));
for (const [source, target, text, alternates = false] of subsets) {
  writeFileSync(to(target), await subsetFont(readFileSync(source), text, { targetFormat: "woff2", noLayoutClosure: !alternates }));
}
writeFileSync(to("icons.svg"), sprite(icons));
await bundle();

const files = [...[...copies, ...subsets].map(([, target]) => target), "icons.svg", "js/editor.js", "licences/editor.txt"].sort();
const manifest = files.map((name) =>
  `${createHash("sha256").update(readFileSync(to(name))).digest("hex")}  ${name}`);
writeFileSync(to("MANIFEST.sha256"), manifest.join("\n") + "\n");
console.log(`${files.length} files, ${icons.length} icons`);
