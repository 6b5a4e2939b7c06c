import type { Point } from '../../../src/charts/clip.js';
import type { EpochLog } from '../../../src/train/logs.js';
import { LineChart, type Series } from './LineChart.js';
import { stepsAhead } from './lossCurve.js';
import { epochLogs, losses, pace, run } from './training.js';
import { grouped, percent, short } from './words.js';

/** The natural logarithm of 10: the loss of giving each of ten classes the same chance. */
const GUESSING = 2.302585;
/** Points that a chart's lines have, at most. */
const MOST_POINTS = 240;

export function Curves() {
  return (
    <section class="train-curves" aria-labelledby="train-curves">
      <h2 id="train-curves" class="visually-hidden">
        How it learns
      </h2>
      <LossByStep />
      <LossByEpoch />
      <AccuracyByEpoch />
    </section>
  );
}

function LossByStep() {
  const { curve } = losses.value;
  const { means, dots } = curve.thinned(MOST_POINTS);
  const total = run.value?.stepsPerEpoch.reduce((sum, steps) => sum + steps, 0) ?? 0;
  return (
    <LineChart
      title="Loss, step by step"
      series={[{ name: 'running mean', points: means, colour: 0 }]}
      dots={dots}
      x={{ label: 'steps', from: 0, to: stepsAhead(Math.max(curve.lastStep, pace.value?.steps ?? 0), total) }}
      y={{ label: 'loss', log: true }}
      reference={{ y: GUESSING, label: 'guessing' }}
      tell={(at) => `step ${grouped(means[at]!.x)}: about ${short(means[at]!.y)}`}
      empty="no step yet"
    >
      How surprised the network is by the right answers; lower is better. Dots are single steps, the line is their
      running mean.
    </LineChart>
  );
}

function LossByEpoch() {
  const logs = epochLogs.value;
  const series = both(
    logs,
    ({ loss }) => loss,
    ({ valLoss }) => valLoss,
  );
  return (
    <LineChart
      title="Loss by epoch"
      series={series}
      x={epochAxis()}
      marks={phases()}
      y={{ label: 'loss', log: true }}
      tell={(at) => told(logs[at]!, logs[at]!.loss.toPrecision(3), logs[at]!.valLoss?.toPrecision(3))}
      empty="no epoch has ended yet"
    >
      An epoch is once through all the images. Validation images are held out: the network never learns from them.
    </LineChart>
  );
}

function AccuracyByEpoch() {
  const logs = epochLogs.value;
  const share = (value: number | undefined): string | undefined => (value === undefined ? undefined : percent(value));
  const series = both(
    logs,
    ({ accuracy }) => accuracy,
    ({ valAccuracy }) => valAccuracy,
  );
  return (
    <LineChart
      title="Accuracy by epoch"
      series={series}
      x={epochAxis()}
      marks={phases()}
      y={{ label: 'accuracy', percent: true }}
      tell={(at) => told(logs[at]!, share(logs[at]!.accuracy), share(logs[at]!.valAccuracy))}
      empty="no epoch has ended yet"
    >
      The share of images that are read right. Training lags behind: it is the mean over an epoch in which the network
      still learns.
    </LineChart>
  );
}

function epochAxis() {
  const epochs = run.value?.epochs ?? 1;
  // An axis needs some length, also where there is one epoch alone.
  return epochs === 1 ? { label: 'epoch', from: 0, to: 2 } : { label: 'epoch', from: 1, to: epochs };
}

/** Where the phases after the first begin. */
function phases(): { x: number; label: string }[] {
  let first = 1;
  return (run.value?.recipe.phases ?? []).flatMap(({ epochs, augmentation }, i) => {
    const mark = { x: first, label: augmentation ? 'augmented' : 'next phase' };
    first += epochs;
    return i === 0 ? [] : [mark];
  });
}

type Of = (log: EpochLog) => number | undefined;

function both(logs: readonly EpochLog[], training: Of, validation: Of): Series[] {
  const pointsOf = (of: Of): Point[] =>
    logs.flatMap((log) => {
      const y = of(log);
      return y === undefined ? [] : [{ x: log.epoch, y }];
    });
  const marked = logs.length <= 30;
  return [
    { name: 'training', points: pointsOf(training), colour: 0, marked },
    { name: 'validation', points: pointsOf(validation), colour: 1, dashed: true, marked },
  ];
}

function told({ epoch }: EpochLog, training: string | undefined, validation: string | undefined): string {
  const words = [training && `training ${training}`, validation && `validation ${validation}`].filter(Boolean);
  return `epoch ${epoch}: ${words.join(', ')}`;
}
