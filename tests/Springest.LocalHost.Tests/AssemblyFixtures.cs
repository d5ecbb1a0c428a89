using Springest.LocalHost.Tests;

[assembly: AssemblyFixture(typeof(HostFixture))]
