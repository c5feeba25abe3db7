import { useSearch } from "@tanstack/react-router";
import { AuditLog } from "./audit/audit-log.tsx";
import { TokenLog } from "./audit/token-log.tsx";
import "../styles/audit.css";

/** Who changed what, and, beside it, what the token endpoint decided. */
export function Audit() {
  const { log } = useSearch({ from: "/t/$tenant/w/$workspace/audit" });
  return log === "tokens" ? <TokenLog /> : <AuditLog />;
}
