import type { Recipe } from '../recipe.js';
import { best } from './best.js';
import { better } from './better.js';
import { fast } from './fast.js';
import { seed } from './seed.js';

/** The recipes that come with Cifra. To add one, add its file and its line here. */
export const recipes: Readonly<Record<string, Recipe>> = { seed, fast, better, best };
