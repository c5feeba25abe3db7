import { useEffect } from "react";
import { clock } from "../format.ts";
import { usePreferences } from "../preferences.ts";
import { ask } from "../server/ask.ts";
import { useLostAt } from "../server/connection.ts";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

const RETRY_MS = 5000;
const again = () => void ask("account");

/** Over every page while nothing answers: how old the page is, and that it tries by itself. */
export function ConnectionBar() {
  const lostAt = useLostAt();
  const { zone } = usePreferences();
  const isLost = lostAt !== null;
  useEffect(() => {
    if (!isLost) return;
    const timer = setInterval(again, RETRY_MS);
    return () => clearInterval(timer);
  }, [isLost]);
  return (
    <div role="status" className="connection">
      {isLost && (
        <div className="connection-bar">
          <Icon name="warning" />
          <span className="grow">{text.connection.lost(clock(lostAt, zone))}</span>
          <Button size="compact" variant="quiet" onPress={again}>
            {text.connection.again}
          </Button>
        </div>
      )}
    </div>
  );
}
