// The function app, on Flex Consumption.
import { site } from 'types.bicep'

param suffix string
param location string
param tags object
param sites site[]
param settings object
param instanceMemory int
param maximumInstances int
param alwaysReadyInstances int
param updateStrategy string
param identityId string
param identityClientId string
param storageName string
param vaultName string
param insightsName string
param subnetId string?

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// Each setting that comes out of the vault, and the name of its secret there.
var siteKeys = toObject(
  sites,
  each => 'Springest__Sites__${each.name}__ApiKey',
  each => 'springest-${each.name}-api-key'
)
var certificationKeys = toObject(
  filter(sites, each => each.?certificationsKey ?? false),
  each => 'Springest__Sites__${each.name}__CertificationsApiKey',
  each => 'springest-${each.name}-certifications-key'
)
var secrets = union(siteKeys, certificationKeys)

var fromVault = toObject(
  items(secrets),
  each => each.key,
  each => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${each.value})'
)

var ofSites = reduce(
  map(
    sites,
    each =>
      union(
        each.?host == null ? {} : { 'Springest__Sites__${each.name}__Host': each.host! },
        toObject(
          items(each.?settings ?? {}),
          its => 'Springest__Sites__${each.name}__${its.key}',
          its => string(its.value)
        )
      )
  ),
  {},
  (all, each) => union(all, each)
)

// What has no default in the code, because the host reads it before the app does.
var ofTriggers = {
  Springest__Certificates__Container: 'certificates'
  Springest__Certificates__ExportSchedule: '0 15 2 * * *'
  Springest__Certificates__ReadBackSchedule: '0 30 * * * *'
  Springest__Privacy__Schedule: '0 */10 * * * *'
  Springest__Certificates__SweepSchedule: '0 * * * * *'
  Springest__Mirror__Categories__Schedule: '0 */15 * * * *'
  Springest__Mirror__Certifications__Schedule: '0 */15 * * * *'
  Springest__Mirror__Institutes__Schedule: '0 */15 * * * *'
  Springest__Mirror__Reviews__Schedule: '0 */15 * * * *'
  Springest__Mirror__Subjects__Schedule: '0 */15 * * * *'
  Springest__Mirror__Trainings__Schedule: '0 */5 * * * *'
  Springest__Webhooks__Schedule: '*/15 * * * * *'
}

var ofHost = {
  AzureWebJobsStorage__accountName: storage.name
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  // At the root is nothing, instead of the platform's advertisement.
  AzureWebJobsDisableHomepage: 'true'
  // In bytes, for every address: what is larger the host refuses unread, with an empty 500. Between the two limits of webhooks the app
  // answers 413, and says why. The console needs 2 MiB for its lists.
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: string(max(
    2097152,
    2 * int(settings.?Springest__Webhooks__MaxBodyBytes ?? 1048576)
  ))
  // Which identity the app's own clients take, those of telemetry among them.
  AZURE_CLIENT_ID: identityClientId
}

// The app itself reads the hashes of access keys there, so that a change of them restarts nothing.
var ofAccess = {
  Springest__Access__Vault: vault.properties.vaultUri
}

// By a name that the host does not know, or it would export its own traces too, and those name files and so people.
var ofTelemetry = {
  Springest__Telemetry__ConnectionString: insights.properties.ConnectionString
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-springest-${suffix}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-springest-${suffix}'
  location: location
  // By the last of them azd finds where the service `app` of azure.yaml goes.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Springest posts its webhooks, and Event Grid its events, from outside.
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: subnetId
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}packages'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      // Not yet in Bicep's description of the type.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: updateStrategy }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(ofTriggers, ofTelemetry, ofAccess, ofSites, settings, fromVault, ofHost)
  }

  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'

@description('Names of the secrets that the vault must hold; no values.')
output secrets array = map(items(secrets), each => each.value)
