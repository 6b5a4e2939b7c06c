import { numberFrom, oneOf, urlSignal } from '../app/url.js';

/** In percent of the pad's side. */
export const WIDTHS = { least: 2, most: 20, usual: 5 } as const;

export const tool = urlSignal('tool', 'pen', oneOf('pen', 'eraser'));
/** Of the tip, in percent of the pad's side. */
export const tipWidth = urlSignal('width', WIDTHS.usual, numberFrom(WIDTHS.least, WIDTHS.most));
