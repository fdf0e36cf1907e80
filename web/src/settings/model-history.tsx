// Who set the team’s model, and when. For admins.
import { useQuery } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { Section } from '@/ui/page.tsx'
import { Time } from '@/ui/time.tsx'
import { modelChangesQuery } from './model-queries.ts'
import { changeWords } from './model-words.ts'
import { nameOf } from '@/lib/person-name.ts'

export function ModelHistory() {
  const { team_id } = useTeam()
  const changes = useQuery(modelChangesQuery(team_id))
  if (changes.isError) {
    return (
      <Section title='Changes'>
        <p role='alert' className='text-sm text-bad'>
          They could not be read. {changes.error.message}
        </p>
      </Section>
    )
  }
  if (!changes.data?.length) return null
  return (
    <Section title='Changes'>
      <ul className='flex flex-col gap-3'>
        {changes.data.map((change) => (
          <li key={change.id} className='text-sm'>
            <p className='break-words'>{changeWords(change)}</p>
            <p className='text-muted'>
              {nameOf(change.profiles)}, <Time at={change.changed_at} />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  )
}
