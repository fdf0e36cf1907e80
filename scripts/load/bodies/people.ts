// Who sends: everyone of the team, one of another, and those who are nobody however they try.
import { SignJWT } from 'jose'
import type { Ground } from '../../faults/ground.ts'
import type { Person } from '../../../supabase/tests/running-stack.ts'

export type Names = 'owner' | 'admin' | 'member' | 'stranger' | 'nobody' | 'forger' | 'expired'

/** What each of them has in `Authorization`; nobody has nothing. */
export type Tokens = Record<Names, string | null>

/** Adds them to the one team, and a stranger with a team of their own. */
export async function gather(
  { astra: { stack, owner }, sql }: Ground,
  jwt_secret: string,
): Promise<Tokens> {
  const enter = (name: string) => stack.signUp(`${name}@bodies.test`)
  const [admin, member, stranger] = await Promise.all(['admin', 'member', 'stranger'].map(enter))
  await sql`insert into public.team_members (team_id, user_id, role)
    select team_id, added.user_id::uuid, added.role from public.team_members,
      (values (${admin!.user_id}, 'admin'), (${member!.user_id}, 'member')) added (user_id, role)
    where team_members.user_id = ${owner.user_id}`
  await stranger!.rest('rpc/create_team', { method: 'POST', body: '{"p_name":"Elsewhere"}' })
  const bearer = ({ token }: Person) => `Bearer ${token}`
  const claims = { sub: owner.user_id, role: 'authenticated', aud: 'authenticated' }
  return {
    owner: bearer(owner),
    admin: bearer(admin!),
    member: bearer(member!),
    stranger: bearer(stranger!),
    nobody: null,
    forger: `Bearer ${await signed(claims, {
      secret: 'a secret of someone else, long enough',
      ends: 600,
    })}`,
    expired: `Bearer ${await signed(claims, { secret: jwt_secret, ends: -60 })}`,
  }
}

function signed(
  claims: Record<string, unknown>,
  { secret, ends }: { secret: string; ends: number },
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime(Math.floor(Date.now() / 1_000) + ends)
    .sign(new TextEncoder().encode(secret))
}
