// Writes kg/pages/static/vendor/: fonts, the map's borders, bundles of d3-geo and CodeMirror, and
// the licences of everything that went in. `npm ci` comes first; nothing of it is committed.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

const OUT = "../kg/pages/static/vendor";
const ARABIC = "U+0600-06FF,U+0750-077F,U+08A0-08FF,U+200C-200F,U+FB50-FDFF,U+FE70-FEFC";
const LATIN = "U+0000-02FF,U+1E00-1EFF,U+2000-206F,U+20A0-20CF,U+2190-21FF,U+2200-22FF";
const FONTS = [
  ["IBM Plex Sans", "400", "@fontsource/ibm-plex-sans", "ibm-plex-sans-latin-400-normal", LATIN],
  ["IBM Plex Sans", "600", "@fontsource/ibm-plex-sans", "ibm-plex-sans-latin-600-normal", LATIN],
  ["IBM Plex Sans Arabic", "400", "@fontsource/ibm-plex-sans-arabic", "ibm-plex-sans-arabic-arabic-400-normal", ARABIC],
  ["IBM Plex Sans Arabic", "600", "@fontsource/ibm-plex-sans-arabic", "ibm-plex-sans-arabic-arabic-600-normal", ARABIC],
  ["Noto Naskh Arabic", "400 700", "@fontsource-variable/noto-naskh-arabic", "noto-naskh-arabic-arabic-wght-normal", ARABIC],
  ["Source Serif 4", "200 900", "@fontsource-variable/source-serif-4", "source-serif-4-latin-wght-normal", LATIN],
  ["IBM Plex Mono", "400", "@fontsource/ibm-plex-mono", "ibm-plex-mono-latin-400-normal", LATIN],
];

await rm(OUT, { recursive: true, force: true });
await mkdir(join(OUT, "fonts"), { recursive: true });

let faces = "";
for (const [family, weight, name, file, range] of FONTS) {
  await copyFile(join("node_modules", name, "files", `${file}.woff2`), join(OUT, "fonts", `${file}.woff2`));
  // The naskh is drawn smaller than the sans beside it.
  const size = family.startsWith("Noto") ? "size-adjust:106%;" : "";
  faces += `@font-face{font-family:"${family}";font-weight:${weight};font-display:swap;${size}`;
  faces += `src:url(fonts/${file}.woff2) format("woff2");unicode-range:${range}}\n`;
}
await writeFile(join(OUT, "fonts.css"), faces);

// Borders of Natural Earth; the names are left out, because the browser knows them in both languages.
const world = JSON.parse(await readFile("node_modules/world-atlas/countries-50m.json", "utf8"));
delete world.objects.land;
for (const country of world.objects.countries.geometries) delete country.properties;
await writeFile(join(OUT, "world.json"), JSON.stringify(world));

const bundled = await build({
  entryPoints: ["src/geo.js", "src/codemirror.js"],
  outdir: OUT,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none", // the licences stand in THIRD-PARTY.txt
  metafile: true,
});

const used = new Set([...FONTS.map(([, , name]) => name), "world-atlas"]);
for (const input of Object.keys(bundled.metafile.inputs)) {
  const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) used.add(found[1]);
}
let notice = "The explorer's pages come with these works of others, each under the licence that follows it.\n";
for (const name of [...used].sort()) {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(basename(entry)));
  if (!license || !file) throw new Error(`${name}: no licence found; leave it out or say where its licence stands`);
  notice += `\n${"=".repeat(78)}\n${name} ${version} (${license})\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`;
}
await writeFile(join(OUT, "THIRD-PARTY.txt"), notice);
