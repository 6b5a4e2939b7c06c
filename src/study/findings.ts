import { CifraError } from '../numeric/errors.js';
import { mean, meanInterval } from '../numeric/statistics.js';
import type { Contrast, Effect, Findings, Outcome, Study, TrainingResult, Verdict } from './study.js';

/**
 * What the trainings say: for each contrast and outcome the paired difference over the seeds with which both variants
 * were trained. Contrasts without such a seed are left out.
 */
export function findings(study: Study, results: readonly TrainingResult[]): Findings {
  const effects = study.contrasts.flatMap((contrast) =>
    study.outcomes.flatMap((outcome) => effectOf(contrast, outcome, results)),
  );
  const main = study.outcomes.filter((outcome) => outcome.main);
  const answer = main.flatMap((outcome) => {
    const effect = effects.find((one) => one.contrast === study.contrasts[0]?.name && one.outcome === outcome.name);
    return effect ? [sentence(study, outcome, effect)] : [];
  });
  return { effects, answer };
}

function effectOf(contrast: Contrast, outcome: Outcome, results: readonly TrainingResult[]): Effect[] {
  const pairs = results
    .filter(({ variant }) => variant === contrast.variant)
    .flatMap((first) => {
      const second = results.find(({ variant, seed }) => variant === contrast.baseline && seed === first.seed);
      return second ? [{ seed: first.seed, first: outcome.of(first), second: outcome.of(second) }] : [];
    });
  if (pairs.length === 0) return [];
  const differences = pairs.map(({ first, second }) => first - second);
  const interval = differences.length > 1 ? meanInterval(differences) : undefined;
  return [
    {
      contrast: contrast.name,
      outcome: outcome.name,
      seeds: pairs.map(({ seed }) => seed),
      differences,
      variantMean: mean(pairs.map(({ first }) => first)),
      baselineMean: mean(pairs.map(({ second }) => second)),
      estimate: mean(differences),
      ...(interval && { interval }),
      verdict: verdictOf(interval, outcome.better),
    },
  ];
}

function verdictOf(interval: Effect['interval'], better: Outcome['better']): Verdict {
  if (!interval || (interval.low <= 0 && interval.high >= 0)) return 'no difference found';
  return interval.low > 0 === (better === 'higher') ? 'helps' : 'hurts';
}

/** "Helps: steps to a training loss of 0.1: 52 instead of 101, a difference of -49 (95% interval -55 to -43; 5 seeds)." */
function sentence(study: Study, outcome: Outcome, effect: Effect): string {
  const { verdict, variantMean, baselineMean, seeds } = effect;
  const where = study.contrasts[0]!.label;
  const verb = verdict.startsWith('no') ? 'makes no difference that was found' : verdict;
  const values = `${valueText(variantMean, outcome)} with it, ${valueText(baselineMean, outcome)} without`;
  return `${study.title} ${verb}${where === '' ? '' : ` ${where}`}: ${outcome.label} ${values}, a difference of ${differenceText(effect, outcome)} (${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}).`;
}

/** "99.12%", "52 steps" */
export function valueText(value: number, { unit }: Pick<Outcome, 'unit'>): string {
  return unit === 'share' ? `${(100 * value).toFixed(2)}%` : `${value.toFixed(0)} steps`;
}

/** "+0.42 points, 95% interval +0.21 to +0.63" */
export function differenceText({ estimate, interval }: Effect, { unit }: Pick<Outcome, 'unit'>): string {
  const [scale, digits, name] = unit === 'share' ? [100, 2, 'points'] : [1, 1, 'steps'];
  const text = (value: number): string => signed(scale * value, digits);
  const range = interval ? `95% interval ${text(interval.low)} to ${text(interval.high)}` : 'no interval from one seed';
  return `${text(estimate)} ${name}, ${range}`;
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return value >= 0 && !text.startsWith('-') ? `+${text}` : text;
}

/** @throws CifraError `study-name` */
export function named<T extends { readonly name: string }>(items: readonly T[], name: string): T {
  const item = items.find((one) => one.name === name);
  if (item) return item;
  throw new CifraError('study-name', `The study has nothing called ${name}.`, 'Give results of the same study.');
}
