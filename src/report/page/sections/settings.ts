import type { ReportData } from '../../data.js';
import { html } from '../html.js';
import type { Section } from '../section.js';
import { counted } from '../words.js';

/** Every setting, to read and to use again. */
export function settings({ record, phases }: ReportData): Section {
  return {
    id: 'settings',
    title: 'Settings',
    content: html`<ol class="phases">
        ${phases.map(({ firstEpoch, lastEpoch, augmented, batchSize }) => {
          const epochs = lastEpoch - firstEpoch + 1;
          const range = epochs === 1 ? `epoch ${firstEpoch}` : `epochs ${firstEpoch} to ${lastEpoch}`;
          return html`<li>
            ${counted(epochs, augmented ? 'augmented epoch' : 'epoch')} at batch ${batchSize} (${range})
          </li>`;
        })}
      </ol>
      <details>
        <summary>The recipe, as JSON for <code>--recipe</code></summary>
        <pre class="scroll" tabindex="0"><code>${pretty(record.recipe)}</code></pre>
      </details>
      <details>
        <summary>SHA-256 of the dataset’s files</summary>
        <pre class="scroll" tabindex="0"><code>${Object.entries(record.dataset.sha256)
          .map(([name, hash]) => `${hash}  ${name}`)
          .join('\n')}</code></pre>
      </details>`,
    absent: '',
  };
}

/** As JSON, with lists of plain values on one line. */
function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/\[\s+([^[\]{}"]*?)\s+\]/g, (_, values: string) => {
    return `[${values.replace(/\s+/g, ' ')}]`;
  });
}
