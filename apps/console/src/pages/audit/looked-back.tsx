import { Button } from "../../ui/button.tsx";
import { words } from "./text.ts";
import { When } from "./when.tsx";

/** Says how far back a search has looked, and goes on when asked. Nothing where it has looked at everything. */
export function LookedBack({ to, onMore }: { to: string | undefined; onMore: () => void }) {
  if (!to) return null;
  return (
    <div className="looked-back" role="status">
      <span>
        {words.lookedBack} <When at={to} both />
      </span>
      <Button onPress={onMore}>{words.lookFurther}</Button>
    </div>
  );
}
