import { grouped } from '../../numeric/words.js';

/** Numbers and texts as the command line writes them. */

export { grouped, percent } from '../../numeric/words.js';

/** 1 image, 2,000 images */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** 47.0 MB */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** 0:48, 9:05, 1:02:03 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(whole / 3600);
  return (hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':')).replace(/^0(?=\d)/, '');
}

/** About how long, in words: "50 seconds", "9 minutes". */
export function roughly(seconds: number): string {
  if (seconds < 55) return counted(Math.max(5, 5 * Math.round(seconds / 5)), 'second');
  const minutes = seconds / 60;
  if (minutes < 90) return counted(minutes < 10 ? Math.round(2 * minutes) / 2 : Math.round(minutes), 'minute');
  return counted(Math.round(minutes / 6) / 10, 'hour');
}

/** `text` in lines of at most `width` characters, broken at spaces. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Cells in columns: the first to the left, the others to the right, with two spaces between. */
export function columns(rows: readonly (readonly string[])[], leftColumns = 1): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)),
    rows[0]?.map(() => 0) ?? [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => (i < leftColumns ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** Text from elsewhere, such as a file's name, without what would steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '�');
}

/** `text` in at most `width` characters; of one that is longer, the end. */
export function shortened(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}
