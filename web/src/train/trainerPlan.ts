import { CifraError } from '../../../src/numeric/errors.js';
import { changeRecipe, type Recipe, recipeFrom } from '../../../src/train/recipe.js';
import { recipes } from '../../../src/train/recipes/index.js';
import type { TrainingPlan } from './trainerApi.js';

/**
 * The recipe of a plan, complete.
 * @throws CifraError `recipe-unknown`, and what `recipeFrom` throws
 */
export function recipeOf({ recipe: name, epochs, learningRate, augmentation }: TrainingPlan): Recipe {
  const known = Object.hasOwn(recipes, name) ? recipes[name] : undefined;
  if (!known) {
    const names = Object.keys(recipes).join(', ');
    throw new CifraError('recipe-unknown', `There is no recipe "${name}".`, `Choose one of ${names}.`);
  }
  const changed = changeRecipe(known, { epochs, learningRate });
  return recipeFrom(augmentation ? changed : withoutAugmentation(changed), `The recipe ${name}`);
}

/** Its name says so, as runs are told apart by it. */
function withoutAugmentation(recipe: Recipe): Recipe {
  if (!recipe.phases.some((phase) => phase.augmentation)) return recipe;
  return {
    ...recipe,
    name: `${recipe.name}-plain`,
    description: `The recipe ${recipe.name} without augmentation.`,
    phases: recipe.phases.map(({ augmentation: _, ...phase }) => phase),
  };
}
