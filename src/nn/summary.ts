/** The table that `Network.summary` prints, in the form of Keras 3's `model.summary()`. */

export interface SummaryData {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly parameters: number;
  readonly trainable: number;
  readonly nonTrainable: number;
  /** Multiply-adds of convolutions and matrix products for one row. */
  readonly multiplyAdds: number;
  readonly layers: readonly LayerSummary[];
}

export interface LayerSummary {
  readonly name: string;
  /** Keras's name of the class: `Conv2D`. */
  readonly type: string;
  readonly outputShape: readonly number[];
  readonly parameters: number;
  readonly multiplyAdds: number;
}

/** `maxPooling2d` is Keras's `MaxPooling2D`. */
export function className(type: string): string {
  return type.replace(/^./, (letter) => letter.toUpperCase()).replace(/2d$/, '2D');
}

/** Longer names have their type on a second line, so that the table fits into 80 columns. */
const NAME_WIDTH = 27;

const titles = ['Layer (type)', 'Output Shape', 'Param #', 'Multiply-adds'] as const;

export function formatSummary(data: SummaryData): string {
  const rows = data.layers.map((layer) => {
    const name = `${layer.name} (${layer.type})`;
    const lines = name.length <= NAME_WIDTH ? [name] : [layer.name, `(${layer.type})`];
    const shape = `(None, ${layer.outputShape.join(', ')})`;
    return [lines, [shape], [grouped(layer.parameters)], [grouped(layer.multiplyAdds)]];
  });
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.flatMap((row) => row[i]!.map((text) => text.length))),
  );

  const rule = (left: string, line: string, cross: string, right: string) =>
    left + widths.map((width) => line.repeat(width + 2)).join(cross) + right;
  const textLine = (cells: readonly string[], bar: string) => {
    const padded = cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
    return `${bar} ${padded.join(` ${bar} `)} ${bar}`;
  };
  const body = rows.map((row) => {
    const lines = row[0]!.map((_, i) => row.map((cell) => cell[i] ?? ''));
    return lines.map((line) => textLine(line, '│')).join('\n');
  });

  return [
    `Model: "${data.name}"`,
    rule('┏', '━', '┳', '┓'),
    textLine(titles, '┃'),
    rule('┡', '━', '╇', '┩'),
    body.join(`\n${rule('├', '─', '┼', '┤')}\n`),
    rule('└', '─', '┴', '┘'),
    ` Total params: ${counted(data.parameters)}`,
    ` Trainable params: ${counted(data.trainable)}`,
    ` Non-trainable params: ${counted(data.nonTrainable)}`,
    ` Multiply-adds: ${grouped(data.multiplyAdds)} for each input`,
  ].join('\n');
}

/** 601,578 */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 601,578 (2.29 MB): a number of f32 values and their size. */
function counted(parameters: number): string {
  let size = 4 * parameters;
  let unit = 0;
  while (size >= 1024 && unit < 3) {
    size /= 1024;
    unit++;
  }
  return `${grouped(parameters)} (${size.toFixed(2)} ${['B', 'KB', 'MB', 'GB'][unit]})`;
}
