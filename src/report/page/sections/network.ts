import type { NetworkData, ReportData } from '../../data.js';
import { chart, networkChart, WHOLE } from '../charts.js';
import { html, type Html } from '../html.js';
import { figure, type Section, table } from '../section.js';
import { grouped, sizes } from '../words.js';

/** The layers, to scale. */
export function network({ network: summary }: ReportData): Section {
  return {
    id: 'network',
    title: 'The network',
    content: summary && content(summary),
    absent: 'The network of this run could not be read.',
  };
}

function content({ layers, parameters, multiplyAdds }: NetworkData): Html {
  return html`${figure(
      chart(WHOLE, (width) => networkChart({ layers, width })),
      html`From the image at the top to the ten probabilities at the bottom: <b>${grouped(parameters)}</b> parameters
        and <b>${grouped(multiplyAdds)}</b> multiply-adds for one image. Convolutions have few parameters and much to
        compute; dense layers the other way around.`,
    )}
    <details>
      <summary>The layers as a table</summary>
      ${table(
        'Layers in order, with the shape of their output',
        [
          { title: 'Layer' },
          { title: 'Type' },
          { title: 'Output' },
          { title: 'Parameters', number: true },
          { title: 'Multiply-adds', number: true },
        ],
        layers.map((layer) => [
          layer.name,
          layer.type,
          sizes(layer.outputShape),
          grouped(layer.parameters),
          grouped(layer.multiplyAdds),
        ]),
      )}
    </details>`;
}
