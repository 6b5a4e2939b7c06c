import { recipes } from '../../../src/train/recipes/index.js';
import type { TrainingPlan } from './trainerApi.js';

/** The command that trains the same in Node; undefined where it has no option for a change. */
export function commandOf(plan: TrainingPlan): string | undefined {
  const augments = recipes[plan.recipe]?.phases.some(({ augmentation }) => augmentation !== undefined);
  if (augments && !plan.augmentation) return undefined;
  const options = {
    recipe: plan.recipe,
    dataset: plan.dataset,
    limit: plan.limit,
    epochs: plan.epochs,
    'learning-rate': plan.learningRate,
    seed: plan.seed,
    numerics: plan.numerics === 'strict' ? undefined : plan.numerics,
  };
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
  return `cifra train ${given.join(' ')}`;
}
