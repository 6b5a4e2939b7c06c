import { byDefault, number, required } from '../numeric/options.js';

/**
 * Elastic distortion (Simard, Steinkraus, Platt 2003, "Best Practices for Convolutional Neural Networks Applied to Visual
 * Document Analysis"), in their terms: every pixel is displaced by a field that is drawn evenly from [-1, 1) for each
 * pixel and direction, smoothed by a Gaussian of standard deviation `sigma`, and multiplied by `alpha`.
 */
export interface ElasticOptions {
  /**
   * How strong: the displacement has a standard deviation of about alpha / (6.14 sigma) pixels in each direction. With
   * sigma 4 on 28 x 28 pixels, 34 (Simard et al.) gives 1.4 pixels; 0 gives none.
   */
  readonly alpha: number;
  /** How smooth, in pixels, from 1 on. Default 4, as Simard et al. */
  readonly sigma?: number;
}

export const elasticTable = { alpha: required(number({ from: 0 })), sigma: byDefault(number({ from: 1 }), 4) };

/** A field of displacements: a cubic B-spline over control points, drawn evenly from [-amplitude, amplitude). */
export interface SplineField {
  /** Between neighbouring control points, in pixels. */
  readonly spacing: number;
  /** In pixels. No displacement is larger. */
  readonly amplitude: number;
}

const SQRT_PI = 1.7724538509055159;

/**
 * The spline that stands for Simard's field. The cubic B-spline is nearly a Gaussian, of variance spacing^2 / 3, so
 * spacing = sqrt(3) sigma gives the smoothness. Smoothed noise of variance 1/3 has the standard deviation
 * alpha / (2 sigma sqrt(3 pi)), and the spline, on average over its places, amplitude / sqrt(3) * 151/315, where 151/315
 * is the integral of the squared B-spline.
 */
export function splineField({ alpha, sigma }: Required<ElasticOptions>): SplineField {
  return { spacing: Math.sqrt(3) * sigma, amplitude: ((alpha / sigma) * (315 / 151)) / (2 * SQRT_PI) };
}
