import { toSignIn } from "../session/leave.ts";
import { text } from "../text.ts";
import { Button } from "./button.tsx";
import { ErrorState } from "./states.tsx";

/** What somebody sees who came with a password into a tenant that requires single sign-on. */
export function SsoRequired() {
  const { ssoRequired, ssoRequiredWhy, ssoRequiredTodo, toSignIn: go } = text.error;
  return (
    <ErrorState
      page
      what={ssoRequired}
      why={ssoRequiredWhy}
      todo={ssoRequiredTodo}
      action={<Button onPress={toSignIn}>{go}</Button>}
    />
  );
}
