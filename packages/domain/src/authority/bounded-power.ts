import { type Permission, permissions } from "./permission.ts";
import { implies, type Power } from "./principal.ts";

/** What of those scopes the bound holds too; of one that it does not, the one that is held along with it, where it holds that. Pure. */
export const commonScopes = (scopes: ReadonlySet<string>, bound: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    [...scopes].flatMap((name) => {
      if (implies(bound, name)) return [name];
      const read = permissions[name as Permission]?.read;
      return read !== undefined && implies(bound, read) ? [read] : [];
    }),
  );

/** Where both count; `undefined`: nowhere. */
function commonTarget(one: Power["target"], other: Power["target"]): Power["target"] | undefined {
  if (one === "all" || one === other) return other;
  return other === "all" ? one : undefined;
}

/**
 * What is left of somebody's powers where they count only as far as an owner's: scope by scope, and where both reach. It
 * keeps the owner's role, since what that opens is opened for the owner too. Pure.
 */
export const boundedPowers = (own: readonly Power[], ofOwner: readonly Power[]): Power[] =>
  ofOwner.flatMap((bound) =>
    own.flatMap((power): Power[] => {
      const target = commonTarget(power.target, bound.target);
      const scopes = commonScopes(power.scopes, bound.scopes);
      return target === undefined || scopes.size === 0 ? [] : [{ scopes, target, builtInRole: bound.builtInRole }];
    }),
  );
