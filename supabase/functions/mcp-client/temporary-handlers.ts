// TEMPORARY: stands in for operations that others are building.
import { AppError } from './http.ts'
const missing = () => Promise.reject(new AppError('unsupported', 'not yet'))
export const temporary = { get_push: missing, add_device: missing, remove_device: missing }
