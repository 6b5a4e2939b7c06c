import type { Place } from '../../../../src/inspect/index.js';
import { evenly, type Format } from '../numbers.js';
import { colourOf, cssColour, letterColour, type Scale } from '../paint.js';
import { walkTo } from './parts.js';

interface Props {
  readonly caption: string;
  /** Row by row. */
  readonly values: ArrayLike<number>;
  readonly columns: number;
  readonly scale: Scale;
  readonly format?: Format;
  /** Of the first row and column, for their names. */
  readonly top?: number;
  readonly left?: number;
  /** Which of them are numbers of the image, and not of its padding. Default all. */
  readonly inside?: readonly boolean[];
  readonly winner?: number;
  /** Where each came from. */
  readonly origin?: (row: number, column: number) => Place;
}

/** Numbers at their places, on the colours of a scale. */
export function NumberGrid(props: Props) {
  const { caption, values, columns, scale, format = evenly(values), top = 0, left = 0, inside, winner, origin } = props;
  const rows = Array.from({ length: values.length / columns }, (_, row) => row);
  return (
    <div
      class="net-grid-area"
      tabIndex={columns > 5 ? 0 : undefined}
      role={columns > 5 ? 'region' : undefined}
      aria-label={columns > 5 ? caption : undefined}
    >
      <table class="net-grid">
        <caption>{caption}</caption>
        <thead class="visually-hidden">
          <tr>
            <td />
            {Array.from({ length: columns }, (_, column) => (
              <th key={column} scope="col">
                column {left + column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row" class="visually-hidden">
                row {top + row}
              </th>
              {Array.from({ length: columns }, (_, column) => {
                const i = row * columns + column;
                const value = values[i]!;
                if (inside?.[i] === false) {
                  return (
                    <td key={column} class="net-outside" title="beyond the edge">
                      <span class="visually-hidden">beyond the edge</span>
                    </td>
                  );
                }
                const colour = colourOf(scale, value);
                const style = { background: cssColour(colour), color: letterColour(colour) };
                const text = format(value);
                return (
                  <td key={column} data-winner={winner === i ? '' : undefined}>
                    {origin ? (
                      <button
                        type="button"
                        style={style}
                        title={`row ${top + row}, column ${left + column}: where it came from`}
                        onClick={() => walkTo(origin(top + row, left + column))}
                      >
                        {text}
                      </button>
                    ) : (
                      <span style={style}>{text}</span>
                    )}
                    {winner === i && <span class="visually-hidden">, the largest</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
