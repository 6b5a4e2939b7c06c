import { html, type Html, trusted } from './html.js';

export {
  classesChart,
  coverageChart,
  curvesChart,
  networkChart,
  reliabilityChart,
  sharesChart,
  stripChart,
} from '../../charts/index.js';

/** Of a phone, in the pixels of a chart. */
const NARROW = 356;
/** A chart in half and in all of the page's width. */
export const HALF = 470;
export const WHOLE = 760;

/**
 * Plot names the groups that it draws, and ARIA allows no name without a role. The whole chart has a title and its figures
 * in words.
 */
function withoutGroupNames(svg: string): string {
  return svg.replaceAll(/<g aria-label="[^"]*"/g, '<g');
}

/** A chart drawn twice, since its letters have a fixed size: for wide pages and for phones. One of them is shown. */
export function chart(width: number, draw: (width: number) => string): Html {
  return html`<div class="chart" style="--width:${width}">
    <div class="on-wide">${trusted(withoutGroupNames(draw(width)))}</div>
    <div class="on-narrow">${trusted(withoutGroupNames(draw(NARROW)))}</div>
  </div>`;
}
