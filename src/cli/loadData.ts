import { type DataProgress } from '../data/download.js';
import type { Limit } from '../data/contents.js';
import { type DatasetChoice, resolveDataset, type ResolvedDataset } from '../data/resolve.node.js';
import type { Output, Page } from './terminal/output.js';
import { bar } from './terminal/bars.js';
import { grouped, wrapped } from './terminal/text.js';

/** Fewer digits than these are made in no time. */
const WORTH_SAYING = 2000;

export interface DataValues {
  readonly dataset?: DatasetChoice | undefined;
  readonly 'data-dir'?: string | undefined;
  readonly offline?: true | undefined;
}

/**
 * The dataset that the options ask for, with progress where it takes time, and plain words where it is not what one
 * would expect.
 */
export async function loadData(
  values: DataValues,
  limit: Limit | undefined,
  output: Output,
  { signal, page = output.notes }: { readonly signal?: AbortSignal; readonly page?: Page } = {},
): Promise<ResolvedDataset> {
  const resolved = await resolveDataset(values.dataset ?? 'auto', {
    dataDir: values['data-dir'],
    download: values.offline !== true,
    limit,
    onProgress: progressView(output),
    signal,
  });
  output.clear();
  if (resolved.notice !== undefined) {
    const { style, width, line } = page;
    for (const part of wrapped(`Note: ${resolved.notice}`, width)) line(style.warn(part));
  }
  return resolved;
}

/** Shows downloads and the making of digits as they go on. */
export function progressView(output: Output): (progress: DataProgress) => void {
  let begun = '';
  const announce = (text: string): void => {
    if (text !== begun && !output.canRedraw) output.notes.line(text);
    begun = text;
  };
  return (progress) => {
    switch (progress.kind) {
      case 'note':
        output.notes.line(progress.message);
        break;
      case 'generate': {
        const { done, total } = progress;
        if (total >= WORTH_SAYING) announce(`Making ${grouped(total)} synthetic digits.`);
        output.live(
          (width) =>
            `Making digits  ${bar(done / total, Math.min(30, width - 40))}  ${grouped(done)} of ${grouped(total)}`,
        );
        break;
      }
      case 'download': {
        const { file, url, received, total } = progress;
        announce(`Downloading ${url}`);
        output.live((width) => {
          const size = (bytes: number): string => (bytes / 1e6).toFixed(1);
          const sizes = total === undefined ? `${size(received)} MB` : `${size(received)} of ${size(total)} MB`;
          const share = total === undefined ? '' : `  ${bar(received / total, Math.min(20, width - 55))}`;
          return `Downloading ${file}${share}  ${sizes}`.slice(0, width);
        });
        break;
      }
    }
  };
}
