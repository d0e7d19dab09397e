/** The record of a person's consents as PDF, with a font of our own: Cyrillic as well, and nothing of the machine. */
import { buffer } from 'node:stream/consumers';
import type { ConsentRecord } from './consent-record';

const FONTS = {
  plain: require.resolve('@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/roboto/700Bold/Roboto_700Bold.ttf'),
};
const MARGIN = 56;
const SIZES = { title: 18, heading: 12, text: 10.5 };
/** A heading is not left alone at the end of a page. */
const ENTRY_HEIGHT = 90;
const GREY = '#666666';

/** A4, as many pages as it takes. */
export async function consentPdf({ title, head, entries, none, foot }: ConsentRecord, now: Date): Promise<Buffer> {
  // Loaded where somebody asks for it: it takes a quarter of a second.
  const { default: PDFDocument } = await import('pdfkit');
  const paper = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    font: FONTS.plain,
    info: { Title: title, Creator: 'Bobcofer', CreationDate: now },
  });
  const whole = buffer(paper);
  const factLines = (facts: readonly [string, string][]): void => {
    for (const [label, text] of facts) {
      paper.font(FONTS.plain).fontSize(SIZES.text).fillColor(GREY).text(`${label}: `, { continued: true });
      paper.fillColor('black').text(text);
    }
  };
  paper.font(FONTS.bold).fontSize(SIZES.title).text(title).moveDown(0.5);
  factLines(head);
  for (const { heading, facts } of entries) {
    if (paper.y > paper.page.height - MARGIN - ENTRY_HEIGHT) paper.addPage();
    paper.moveDown(1).font(FONTS.bold).fontSize(SIZES.heading).fillColor('black').text(heading).moveDown(0.2);
    factLines(facts);
  }
  if (entries.length === 0) paper.moveDown(1).fontSize(SIZES.heading).fillColor('black').text(none);
  paper.moveDown(1.5).font(FONTS.plain).fontSize(SIZES.text).fillColor(GREY).text(foot);
  paper.end();
  return whole;
}
