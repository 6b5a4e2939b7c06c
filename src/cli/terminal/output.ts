import { colorDepth, type Style, styleOf } from './style.js';

/** Lines for people, on one stream. */
export interface Page {
  readonly style: Style;
  /** How wide a line may be. */
  readonly width: number;
  line(text?: string): void;
}

const PLAIN_WIDTH = 80;
const MOST_WIDTH = 120;
/** Between two drawings of the live line, in milliseconds. */
const REDRAW_INTERVAL = 100;

/**
 * Where a command's words go: events for programs and results to stdout, notes and progress for people to stderr. With
 * events, results for people go to stderr too, so that stdout is JSON and nothing else.
 */
export class Output {
  /** What the command was asked for. */
  readonly result: Page;
  /** All else that people should know. */
  readonly notes: Page;
  /** Whether a line can be drawn again and again, for progress. */
  readonly canRedraw: boolean;
  #live = '';
  #drawn = -Infinity;

  constructor(
    private readonly json: boolean,
    private readonly stdout: NodeJS.WriteStream = process.stdout,
    private readonly stderr: NodeJS.WriteStream = process.stderr,
    private readonly tags: Readonly<Record<string, unknown>> = {},
  ) {
    this.notes = this.#page(stderr);
    this.result = this.#page(json ? stderr : stdout);
    this.canRedraw = stderr.isTTY && process.env['TERM'] !== 'dumb';
  }

  /** The same, with these fields in every event. */
  tagged(tags: Readonly<Record<string, unknown>>): Output {
    return new Output(this.json, this.stdout, this.stderr, tags);
  }

  /** One JSON object, one line; only where they were asked for (--json). */
  event(event: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.json) this.stdout.write(`${JSON.stringify({ event, ...this.tags, ...fields })}\n`);
  }

  /**
   * Draws the last line anew, at most ten times a second: `text` is called when it is time, with the most characters it
   * may show. Nothing where lines cannot be drawn again. It disappears when a line is written.
   */
  live(text: (width: number) => string): void {
    const now = performance.now();
    if (!this.canRedraw || now - this.#drawn < REDRAW_INTERVAL) return;
    this.#drawn = now;
    this.#live = text(widthOf(this.stderr) - 1);
    this.stderr.write(`\r\u001b[K${this.#live}`);
  }

  /** Takes the live line away; `typed`: also what the terminal has echoed there. */
  clear(typed = false): void {
    if (this.#live === '' && !(typed && this.canRedraw)) return;
    this.#live = '';
    this.#drawn = -Infinity;
    this.stderr.write('\r\u001b[K');
  }

  #page(stream: NodeJS.WriteStream): Page {
    return {
      style: styleOf(colorDepth(stream)),
      get width() {
        return widthOf(stream);
      },
      line: (text = '') => {
        this.clear();
        stream.write(`${text}\n`);
      },
    };
  }
}

function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? Math.min(MOST_WIDTH, stream.columns || PLAIN_WIDTH) : PLAIN_WIDTH;
}
