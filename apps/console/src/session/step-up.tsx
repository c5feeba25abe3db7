/** Written next. */
export function StepUp() {
  return null;
}
