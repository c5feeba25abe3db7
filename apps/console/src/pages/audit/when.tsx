import { clock, day, exact } from "../../format.ts";
import { usePreferences } from "../../preferences.ts";
import { useNow } from "../../ui/time.tsx";

/** An instant in a log: the clock of today, the day before that; exact on hover. */
export function When({ at, both = false }: { at: string; both?: boolean }) {
  const { zone } = usePreferences();
  const now = useNow(60_000);
  const instant = Date.parse(at);
  const isToday = day(instant, zone) === day(now, zone);
  const date = day(instant, zone).replace(/ \d{4}$/, "");
  const words = isToday ? clock(instant, zone) : both ? `${date}, ${clock(instant, zone)}` : date;
  return (
    <time className="num when" dateTime={at} title={exact(instant)}>
      {words}
    </time>
  );
}

/** An instant to the second, in the reader's zone and, where that differs, in UTC. */
export function Instant({ at }: { at: string }) {
  const [utc = "", local] = exact(Date.parse(at)).split("\n");
  return (
    <time className="num" dateTime={at}>
      {local ?? utc}
      {local !== undefined && (
        <>
          <br />
          {utc}
        </>
      )}
    </time>
  );
}
