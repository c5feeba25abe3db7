/** How much of the largest this is, as a bar; the number beside it carries the value. */
export function ShareBar({ value, of, dark = false }: { value: number; of: number; dark?: boolean }) {
  return (
    <svg className={dark ? "share dark" : "share"} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="rest" width="100" height="6" />
      <rect className="part" width={of > 0 ? Math.max(2, (value / of) * 100) : 0} height="6" />
    </svg>
  );
}
