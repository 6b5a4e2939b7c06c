import type { Stroke } from './scene.js';

/** What a pointer does to the pad. Points are x and y in turn, as shares of the pad's side; `at` is the event's time. */
export interface Drawing {
  begin(tool: Stroke['tool'] | 'chosen', points: readonly number[], at: number): void;
  extend(points: readonly number[], at: number): void;
  end(): void;
  drop(): void;
}

/** Of a PointerEvent, what is looked at. */
export type Touch = Pick<
  PointerEvent,
  'type' | 'pointerId' | 'pointerType' | 'button' | 'buttons' | 'clientX' | 'clientY' | 'timeStamp'
> & {
  getCoalescedEvents?(): readonly Pick<PointerEvent, 'clientX' | 'clientY'>[];
};

/** Where the pad is on the page. */
export type Place = Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>;

interface Active {
  readonly id: number;
  readonly type: string;
  readonly buttons: number;
  /** Whether its movements are told as they come. */
  raw: boolean;
}

const PRIMARY = 1;
/** The other end of a pen. */
const ERASER = { button: 5, buttons: 32 };

/**
 * Strokes out of pointer events. One pointer draws at a time: a second finger or a palm is ignored, but a pen takes over
 * from a finger, which was the palm then.
 */
export class PointerStrokes {
  readonly #drawing: Drawing;
  #active: Active | undefined;

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
  }

  /** @returns whether this pointer draws from now on */
  down(event: Touch, place: () => Place): boolean {
    const erases = event.button === ERASER.button;
    if (event.button !== 0 && !erases) return false;
    if (this.#active?.id === event.pointerId) this.end(event); // Its "up" went astray.
    if (this.#active) {
      if (event.pointerType !== 'pen' || this.#active.type !== 'touch') return false;
      this.#drawing.drop();
    }
    const buttons = erases ? ERASER.buttons : PRIMARY;
    this.#active = { id: event.pointerId, type: event.pointerType, buttons, raw: false };
    this.#drawing.begin(erases ? 'eraser' : 'chosen', pointsOf([event], place()), event.timeStamp);
    return true;
  }

  /**
   * Takes `pointermove`, which browsers hold back until the next frame, and `pointerrawupdate`, which some of them give
   * at once: where there are both, the former says nothing new of where the pointer is.
   */
  move(event: Touch, place: () => Place): void {
    const active = this.#active;
    if (!active || !this.#is(event)) return;
    // Its button was let go while another one is still held: no "up" comes for that.
    if ((event.buttons & active.buttons) === 0) return this.end(event);
    active.raw ||= event.type === 'pointerrawupdate';
    if (active.raw && event.type === 'pointermove') return;
    const all = event.getCoalescedEvents?.() ?? [];
    this.#drawing.extend(pointsOf(all.length > 0 ? all : [event], place()), event.timeStamp);
  }

  up(event: Touch, place: () => Place): void {
    if (!this.#is(event)) return;
    this.#drawing.extend(pointsOf([event], place()), event.timeStamp);
    this.end(event);
  }

  /** Also where the browser takes the pointer away: what has been drawn stays, and can be undone. */
  end(event: Pick<PointerEvent, 'pointerId'>): void {
    if (!this.#is(event)) return;
    this.#active = undefined;
    this.#drawing.end();
  }

  #is({ pointerId }: Pick<PointerEvent, 'pointerId'>): boolean {
    return this.#active?.id === pointerId;
  }
}

function pointsOf(events: readonly Pick<PointerEvent, 'clientX' | 'clientY'>[], place: Place): number[] {
  return events.flatMap(({ clientX, clientY }) => [
    (clientX - place.left) / place.width,
    (clientY - place.top) / place.height,
  ]);
}
