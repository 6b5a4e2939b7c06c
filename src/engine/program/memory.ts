import { sizeOf } from '../../numeric/tensor.js';
import type { DType, TensorSpec } from './types.js';

export const bytesPerValue: Record<DType, number> = { f32: 4, u32: 4, i32: 4, u8: 1 };

export function bytesOf(tensor: TensorSpec): number {
  return sizeOf(tensor.shape) * bytesPerValue[tensor.dtype];
}
