import { strToU8, zipSync } from 'fflate';
import type { Correction } from './correctionRecord.js';

/** The folder in the archive. */
export const FOLDER = 'cifra-corrections';
const DIGITS = 'digits';
const OTHERS = 'not-digits';
const COLUMNS = ['file', 'label', 'read', 'status', 'confidence', 'model', 'date'] as const;

/** A zip archive of a folder that `cifra evaluate --images` reads. */
export function correctionsZip(corrections: readonly Correction[]): Uint8Array<ArrayBuffer> {
  // Pictures are deflated already.
  return zipSync({ [FOLDER]: correctionFiles(corrections) }, { level: 0 });
}

/**
 * The folder's files: the pictures, the table of labels of those that show digits, and what to do with all of it. The
 * others have no label that an evaluation could know, and are in a folder of their own.
 */
export function correctionFiles(corrections: readonly Correction[]): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  const rows: string[] = [COLUMNS.join(',')];
  corrections.forEach(({ png, truth, label, status, confidence, model, date }, i) => {
    const number = String(i + 1).padStart(4, '0');
    if (truth === null) {
      files[`${OTHERS}/${number}.png`] = png;
      return;
    }
    const name = `${DIGITS}/${number}-${truth}.png`;
    files[name] = png;
    rows.push([name, truth, label ?? '', status, confidence.toFixed(4), model, date].map(cell).join(','));
  });
  if (rows.length > 1) files['labels.csv'] = strToU8(`${rows.join('\n')}\n`);
  files['read-me.txt'] = strToU8(readMe(rows.length - 1, corrections.length - rows.length + 1));
  return files;
}

function readMe(digits: number, others: number): string {
  const lines = ['Drawings that were corrected in the Cifra page.', ''];
  if (digits > 0) {
    lines.push(
      `${DIGITS}/ and labels.csv: ${digits} of digits, with what they show (label) and what they were read as (read).`,
      `How well a network reads them:  npx cifra evaluate --images ${FOLDER}`,
      '',
    );
  }
  if (others > 0) {
    lines.push(
      `${OTHERS}/: ${others} of something that is no digit.`,
      `What a network makes of them:  npx cifra predict ${FOLDER}/${OTHERS}`,
      '',
    );
  }
  return lines.join('\n');
}

/** As CSV (RFC 4180) has it. */
function cell(value: string | number): string {
  const text = String(value);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
