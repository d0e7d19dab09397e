/** SVG to PNG without anything native: resvg as WebAssembly, with a font of our own, since a server may have none. */
import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const FONT = require.resolve('@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf');
/** Sharp on phones too. */
const SCALE = 2;

/** Loaded once in a process: the module takes no second time. */
let loaded: Promise<Uint8Array> | undefined;

/** The picture, twice the size of the drawing. Letters that Roboto lacks (Chinese, emoji) show as boxes. */
export async function renderPng(svg: string): Promise<Buffer> {
  const font = await (loaded ??= load());
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { fontBuffers: [font], defaultFontFamily: 'Roboto', loadSystemFonts: false },
  });
  return Buffer.from(picture.render().asPng());
}

async function load(): Promise<Uint8Array> {
  const [program, font] = await Promise.all([
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
    readFile(FONT),
  ]);
  await initWasm(program);
  return font;
}
