/** Turns a drawing (SVG) into a PNG, with a font of our own: nothing of the machine is used. */
import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const FONT_FILES = [
  require.resolve('@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf'),
  require.resolve('@expo-google-fonts/roboto/700Bold/Roboto_700Bold.ttf'),
];
/** Also sharp on phones. */
const SCALE = 2;

/** Loaded once per process: the module cannot be loaded twice. */
let loaded: Promise<Uint8Array[]> | undefined;

/**
 * The picture at twice the size of the drawing. Letters missing in Roboto (Chinese, emoji) show as boxes. What a picture
 * takes in the module's own memory is given back: no garbage collector sees it.
 */
export async function renderPng(svg: string): Promise<Buffer> {
  const fontBuffers = await (loaded ??= load());
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { fontBuffers, defaultFontFamily: 'Roboto', loadSystemFonts: false },
  });
  try {
    const picture = drawing.render();
    try {
      return Buffer.from(picture.asPng());
    } finally {
      picture.free();
    }
  } finally {
    drawing.free();
  }
}

async function load(): Promise<Uint8Array[]> {
  const [program, ...fonts] = await Promise.all([
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
    ...FONT_FILES.map((file) => readFile(file)),
  ]);
  await initWasm(program);
  return fonts;
}
