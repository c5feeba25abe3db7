import { doors } from "../text/doors.ts";
import { Banner } from "../ui/states.tsx";

/** Cookies and passkeys belong to the server's own address; at another one nothing would work. */
export function OriginWarning({ origin, path }: { origin: string; path: string }) {
  if (origin === location.origin) return null;
  return (
    <Banner
      tone="warn"
      action={
        <a className="button compact" href={`${origin}/console${path}`}>
          {doors.openOrigin(new URL(origin).host)}
        </a>
      }
    >
      {doors.origin(origin, location.origin)}
    </Banner>
  );
}
