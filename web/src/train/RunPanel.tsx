import { useEffect, useRef } from 'preact/hooks';
import { Bar, Loading } from './Loading.js';
import { epoch, goingOn, isAsked, lost, opening, pace, pause, play, run, state, step, stop } from './training.js';
import type { RunFacts } from './trainerApi.js';
import { counted, grouped, percent, short, timeLeft, titleOf } from './words.js';

/** The run that is open: what it is, where it stands, and what can be done with it. */
export function RunPanel({ another }: { another: () => void }) {
  return (
    <section class="train-run" aria-label="The run">
      <Facts />
      <Controls another={another} />
      <Progress />
      <Figures />
    </section>
  );
}

function Facts() {
  const facts = run.value;
  if (!facts) return <p class="train-facts quiet">Getting ready …</p>;
  const { recipe, seed, dataset, trainCount, validationCount, threads, numerics } = facts;
  return (
    <p class="train-facts">
      <b>{recipe.name}</b>, seed {seed}, on {counted(trainCount, 'image')} of {titleOf(dataset.name)};{' '}
      {grouped(validationCount)} {recipe.validation === 'test' ? 'test images' : 'held out'} to check on.{' '}
      <span class="quiet">
        {counted(threads, 'thread')}, {numerics} arithmetic
      </span>
    </p>
  );
}

function Controls({ another }: { another: () => void }) {
  const primary = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // What was pressed to come here has gone, and the focus with it.
    if (document.activeElement === document.body) primary.current?.focus({ preventScroll: true });
  }, []);
  const { name } = state.value;
  const still = name === 'paused' && !lost.value && !isAsked('play');
  const over = name === 'done' || name === 'failed';
  const pausing = isAsked('pause');
  return (
    <div class="train-buttons">
      {over ? (
        <button ref={primary} type="button" class="primary" onClick={another}>
          Another run
        </button>
      ) : (
        <button
          ref={primary}
          type="button"
          class="primary"
          aria-disabled={!still && !goingOn.value}
          aria-keyshortcuts="Space K"
          onClick={() => void (goingOn.value ? pause() : still && play())}
        >
          <span aria-hidden="true">{goingOn.value ? '❚❚' : '▶'}</span>{' '}
          {pausing ? 'Pausing …' : goingOn.value ? 'Pause' : 'Play'}
        </button>
      )}
      <button type="button" aria-disabled={!still} onClick={() => still && void step()}>
        One step
      </button>
      <button type="button" aria-disabled={!still} onClick={() => still && void epoch()}>
        One epoch
      </button>
      <button type="button" aria-disabled={opening.value} onClick={() => opening.value || void stop()}>
        {over ? 'Close' : 'Stop'}
      </button>
      {!over && !opening.value && (
        <button type="button" class="plain" onClick={another}>
          Another run
        </button>
      )}
    </div>
  );
}

function Progress() {
  const [facts, now, at] = [run.value, pace.value, state.value];
  if (at.name === 'loading') return <Loading {...at} />;
  if (!facts) return null;
  const total = facts.stepsPerEpoch.reduce((sum, steps) => sum + steps, 0);
  const made = at.name === 'done' ? total : (now?.steps ?? facts.steps);
  const where = now
    ? `Epoch ${now.epoch} of ${facts.epochs}, step ${grouped(now.step)} of ${grouped(facts.stepsPerEpoch[now.epoch - 1] ?? 0)}`
    : beforeGoingOn(facts);
  return (
    <div class="train-progress">
      <p>
        <b class={at.name === 'failed' || lost.value ? 'train-wrong' : undefined}>{standing()}</b>{' '}
        <span>{at.name === 'done' ? `${counted(facts.epochs, 'epoch')}, ${counted(total, 'step')}` : where}</span>
        <span class="train-left">
          {goingOn.value && now?.secondsLeft !== undefined ? timeLeft(now.secondsLeft) : ''}
        </span>
      </p>
      <Bar share={total === 0 ? 0 : made / total} name="Training" words={where} parts={Math.min(facts.epochs, 60)} />
    </div>
  );
}

/** Of a run in which no step was made since it was opened. */
function beforeGoingOn({ steps, stepsPerEpoch, epochs }: RunFacts): string {
  let ended = 0;
  let sum = 0;
  while (ended < epochs && sum + stepsPerEpoch[ended]! <= steps) sum += stepsPerEpoch[ended++]!;
  if (steps === 0) return `Before the first of ${counted(epochs, 'epoch')}`;
  return `${ended} of ${counted(epochs, 'epoch')} done, ${counted(steps, 'step')}`;
}

const standingWords: Readonly<Record<string, string>> = {
  empty: '',
  running: 'Learning',
  validating: 'Checking on held-out images',
  testing: 'Reading the test images',
  done: 'Done',
  failed: 'Failed',
};

/** What it does, in a word or two. */
export function standing(): string {
  if (lost.value) return 'Interrupted';
  const { name } = state.value;
  if (name !== 'paused') return standingWords[name] ?? '';
  return (pace.value?.steps ?? run.value?.steps ?? 0) === 0 ? 'Ready' : 'Paused';
}

function Figures() {
  const now = pace.value;
  const figures: readonly (readonly [name: string, value: string | undefined])[] = [
    ['Loss, this epoch', now?.loss.toPrecision(3)],
    ['Read right, this epoch', now?.accuracy === undefined ? undefined : percent(now.accuracy, 1)],
    ['Learning rate', now && short(now.learningRate)],
    ['Images a second', now && grouped(Number(now.imagesPerSecond.toPrecision(3)))],
    ['Saved up to', now && (now.savedSteps > 0 ? `step ${grouped(now.savedSteps)}` : 'not yet')],
  ];
  return (
    <dl class="train-figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
