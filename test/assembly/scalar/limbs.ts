/** Long division at the places where a quotient's digit is guessed one too large. */
import { OUTPUT } from "../../../assembly/abi";
import { divide, dividedByTenTo, multiply, multiplyAdd, timesTenTo, trimmed } from "../../../assembly/scalar/limbs";

const A: usize = OUTPUT;
const B: usize = OUTPUT + 128;
const Q: usize = OUTPUT + 256;

function set(number: usize, first: u32, second: u32, third: u32, fourth: u32): i32 {
  store<u32>(number, first);
  store<u32>(number, second, 4);
  store<u32>(number, third, 8);
  store<u32>(number, fourth, 12);
  return trimmed(number, 4);
}

export function a_digit_guessed_too_large_is_corrected(): void {
  // Operands that need the correction, after Warren, Hacker's Delight, 9-2.
  const length = set(A, 3, 0, 0x80000000, 0);
  const quotient = divide(A, length, B, set(B, 1, 0, 0x20000000, 0), Q);
  assert(quotient == 1 && load<u32>(Q) == 3);
  assert(load<u32>(A) == 0 && load<u32>(A, 4) == 0 && load<u32>(A, 8) == 0x20000000);
  const second = divide(A, set(A, 0, 0, 0x8000, 0x7fff), B, set(B, 1, 0, 0x8000, 0), Q);
  assert(second == 1 && load<u32>(Q) == 0xfffe0000);
  assert(load<u32>(A) == 0x20000 && load<u32>(A, 4) == 0xffffffff && load<u32>(A, 8) == 0x7fff);
}

export function dividing_by_something_larger_leaves_everything(): void {
  const length = set(A, 7, 9, 0, 0);
  assert(divide(A, length, B, set(B, 8, 9, 0, 0), Q) == 0);
  assert(load<u32>(A) == 7 && load<u32>(A, 4) == 9);
}

export function products_divide_back(): void {
  const aLength = set(A, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff);
  const bLength = set(B, 0xffffffff, 0, 0xffffffff, 0x80000000);
  const product = OUTPUT + 384;
  const length = multiply(A, aLength, B, bLength, product);
  const quotient = divide(product, length, B, bLength, Q);
  assert(quotient == 4 && memory.compare(Q, A, 16) == 0);
  assert(trimmed(product, length) == 0);
}

export function half_of_a_unit_rounds_up_and_less_does_not(): void {
  let length = dividedByTenTo(A, set(A, 125, 0, 0, 0), 1);
  assert(length == 1 && load<u32>(A) == 13);
  length = dividedByTenTo(A, set(A, 1249999999, 0, 0, 0), 8);
  assert(length == 1 && load<u32>(A) == 12);
  assert(dividedByTenTo(A, set(A, 4, 0, 0, 0), 1) == 0);
  assert(dividedByTenTo(A, set(A, 9, 0, 0, 0), 30) == 0);
}

export function powers_of_ten_go_up_and_down(): void {
  const up = timesTenTo(A, set(A, 123456789, 0, 0, 0), 76);
  assert(dividedByTenTo(A, up, 76) == 1 && load<u32>(A) == 123456789);
  assert(multiplyAdd(A, 0, 10, 0) == 0);
}
