using System.IO.Hashing;
using System.Runtime.CompilerServices;

// Only an assembly that names the other is followed by it into the output of whoever references this project.
[assembly: TypeForwardedTo(typeof(Crc64))]
