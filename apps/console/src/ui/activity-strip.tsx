import { number } from "../format.ts";
import { type ActivityDay, heights } from "../life.ts";
import { text } from "../text.ts";

const HEIGHT = 20;
const FULL = 17.1;

/** One tick a day, its height on a log scale, a red square above days with denials; silence is a dotted floor. */
export function ActivityStrip({ days }: { days: readonly ActivityDay[] }) {
  const issued = days.reduce((sum, one) => sum + one.issued, 0);
  const denied = days.reduce((sum, one) => sum + one.denied, 0);
  const label = issued + denied === 0 ? text.strip.silent : text.strip.label(number(issued), number(denied));
  const width = days.length * 4 - 1;
  const tops = heights(days);
  const bars = tops.map((h, i) => (h > 0 ? `M${i * 4} ${HEIGHT}v${-(h * FULL).toFixed(1)}h3V${HEIGHT}z` : "")).join("");
  const floor = tops.map((h, i) => (h > 0 ? "" : `M${i * 4} ${HEIGHT - 1}h3v1h-3z`)).join("");
  const marks = days.map((one, i) => (one.denied > 0 ? `M${i * 4} 0h3v3h-3z` : "")).join("");
  return (
    <svg
      className="strip"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <path d={bars} fill="var(--bar)" />
      <path d={floor} fill="var(--line-strong)" />
      <path d={marks} fill="var(--bad)" />
    </svg>
  );
}
