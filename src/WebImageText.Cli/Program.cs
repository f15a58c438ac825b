Console.WriteLine("wit");
