@export()
@sealed()
@description('A Springest site.')
type site = {
  @description('nl, uk, be, de or com, or the name of a Go site: letters and digits.')
  @minLength(2)
  @maxLength(30)
  name: string

  @description('The address of its API, for a Go site.')
  host: string?

  @description('True if certifications and certificates have a key of their own.')
  certificationsKey: bool?

  @description('Other settings of the site by the last part of their names, such as CertificatesPath.')
  settings: object?
}

@export()
@discriminator('kind')
type networking = publicNetworking | privateNetworking

@sealed()
type publicNetworking = {
  kind: 'public'
}

@sealed()
type privateNetworking = {
  kind: 'private'

  @description('The addresses of the virtual network, at least a /24.')
  addressPrefix: string?

  @description('Public addresses and networks that people reach storage from, such as the office.')
  openTo: string[]?
}
