import type { ShownImages } from './imageCard.js';
import type { Watching } from './progressView.js';

/** What the page's script needs, as JSON in the page. */
export interface PageData {
  readonly shown?: ShownImages;
  readonly watching?: Watching;
}
