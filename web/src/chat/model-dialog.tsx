// What the model that answers can do, whose setting it is, and where that is changed.
import { Link } from '@tanstack/react-router'
import type { ModelInUse } from '@shared/model.ts'
import { routerWords, sourceWords } from '@/lib/model-source.ts'
import { administers } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { ButtonLink } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'

type Props = { inUse: ModelInUse; onClose: () => void }

export function ModelDialog({ inUse, onClose }: Props) {
  const { role } = useTeam()
  const { model, source, takes_images } = inUse
  const admin = administers(role)
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`${model.name} answers here`}
      description={sourceWords[source]}
      footer={admin && (
        <ButtonLink look='primary'>
          <Link to='/settings' search={{ tab: 'model' }} onClick={onClose}>Model settings</Link>
        </ButtonLink>
      )}
    >
      <div className='flex flex-col gap-2 text-sm'>
        {model.provider === 'router' ? <p>{routerWords}</p> : (
          <p>
            A language model reads this chat and decides which of your team’s tools to use. It is
            shown text files that you attach, {takes_images ? 'and pictures.' : 'but no pictures.'}
          </p>
        )}
        {!admin && <p className='text-muted'>An admin of your team can choose another model.</p>}
      </div>
    </Dialog>
  )
}
