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
  const answer = study.outcomes.flatMap((outcome) => {
    const effect = effects.find((one) => one.contrast === study.contrasts[0]?.name && one.outcome === outcome.name);
    return effect && outcome.says ? [`${outcome.says[effect.verdict]}: ${inWords(effect, outcome)}.`] : [];
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

/** "110 steps with it, 160 without, a difference of -50.0 steps (95% interval -60.1 to -39.9; 5 seeds)" */
function inWords(effect: Effect, outcome: Outcome): string {
  const { variantMean, baselineMean, estimate, interval, seeds } = effect;
  const { unit } = outcome;
  const name = unit === 'share' ? 'points' : unit;
  const range = interval
    ? `95% interval ${differenceText(interval.low, unit)} to ${differenceText(interval.high, unit)}`
    : 'one seed gives no interval';
  return `${valueText(variantMean, unit)} with it, ${valueText(baselineMean, unit)} without, a difference of ${differenceText(estimate, unit)} ${name} (${range}; ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'})`;
}

/** "99.12%", "52", "3.4" */
export function valueText(value: number, unit: Outcome['unit']): string {
  return unit === 'share' ? `${(100 * value).toFixed(2)}%` : value.toFixed(unit === 'steps' ? 0 : 1);
}

/** "+0.42" percentage points, "-49.0" steps, "-1.3" seconds */
export function differenceText(value: number, unit: Outcome['unit']): string {
  const text = unit === 'share' ? (100 * value).toFixed(2) : value.toFixed(1);
  return text.startsWith('-') ? text : `+${text}`;
}
