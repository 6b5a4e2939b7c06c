import type { ReportData } from '../data.js';
import { type Content, html, type Html } from './html.js';

/** A part of the page, under a heading of its own. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** Undefined where the run has nothing for it. */
  readonly content: Html | undefined;
  /** Why there may be nothing, in one plain sentence. */
  readonly absent: string;
}

export type SectionOf = (data: ReportData) => Section;

export function sectionElement({ id, title, content, absent }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content ?? html`<p class="absent">${absent}</p>`}
  </section>`;
}

/** A picture with its explanation. */
export function figure(content: Content, caption: Content, kind = ''): Html {
  return html`<figure class="${kind}">
    ${content}
    <figcaption>${caption}</figcaption>
  </figure>`;
}

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly number?: boolean;
}

/** A table whose first cell in each row is the row's heading. */
export function table(caption: Content, columns: readonly Column[], rows: readonly (readonly Content[])[]): Html {
  const kind = (i: number): string => (columns[i]?.number ? 'number' : 'words');
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title }, i) => html`<th scope="col" class="${kind(i)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, i) =>
                i === 0
                  ? html`<th scope="row" class="${kind(i)}">${cell}</th>`
                  : html`<td class="${kind(i)}">${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
